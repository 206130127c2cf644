"""`anyOf` and `oneOf` as one shown union. Owns that every branch has what stands beside the choice, and what the
discriminator says of the classes; refuses nothing.

Facts
- Of a schema with `properties` and `oneOf` the generator forgets the properties.
- A branch without a type has the one that stands beside the choice.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..document import Pointer
from .choices import Choices, Stated, leads_to
from .context import Context
from .defaults import without_default
from .merging import Choice, Merged, is_null, merged, same, together
from .types import types_of
from .unions import ANY, union

_TYPING = frozenset(("$ref", "allOf", "anyOf", "oneOf", "type", "enum", "const", "properties", "items"))
_Schema = dict[str, Any]


class Alternatives:
    """The unions of one document. `inner` lowers a schema, `express` one that is merged already."""

    def __init__(
        self,
        choices: Choices,
        context: Context,
        *,
        inner: Callable[[Any, Pointer, str], _Schema],
        express: Callable[[Merged, Pointer, str], _Schema],
    ) -> None:
        self._choices = choices
        self._context = context
        self._inner = inner
        self._express = express

    def union(self, schema: Merged, at: Pointer, name: str) -> _Schema:
        """The shown schema for the first choice; the others stand beside it in every branch."""
        first, *more = schema.choices
        base = replace(schema, choices=more, types=None, groups=None)
        beside = bool(more or schema.aside or schema.keywords.keys() - {"type", "format"})
        shown: list[_Schema] = []
        stated = Stated(property=first.discriminator["propertyName"]) if first.discriminator is not None else None
        for index, branch in enumerate(first.branches):
            place = (*at, "choice", str(index))
            if beside or self._is_untyped(branch, schema):
                expressed = self._distributed(base, branch, place, name, index)
            else:
                expressed = self._inner(branch, place, f"{name}_type_{index}")
            shown.append(expressed)
            if stated is not None:
                self._collect_tags(first, branch, expressed, stated)
        whole = union(shown, self._context) if ANY not in shown else dict(ANY)
        self._choices.note(whole, stated, made_of=shown)
        return whole

    def _is_untyped(self, branch: Any, schema: Merged) -> bool:
        if "type" not in schema.keywords or not isinstance(branch, dict) or branch.keys() & _TYPING:
            return False
        return types_of(schema, self._context) != ["object"]

    def _distributed(self, base: Merged, branch: Any, at: Pointer, name: str, index: int) -> _Schema:
        """The branch with what stands beside the choice."""
        if not isinstance(branch, dict) or is_null(branch):
            return self._inner(branch, at, f"{name}_type_{index}")
        target = same(branch)
        inner = merged(branch, self._context)
        if "properties" in base.keywords:
            scalar = types_of(inner, self._context) not in ([], ["object"]) or inner.keywords.keys() & {"enum", "const"}
            known = target is not None and not (base.choices or base.aside) and _covers(inner.keywords, base.keywords)
            if scalar or known:
                return self._inner(branch, at, f"{name}_type_{index}")
        self._context.repaired("keywords_beside_choice")
        whole = together(base, replace(inner, types=None, groups=None), self._context)
        suffix = target.component if target is not None else f"type_{index}"
        return without_default(self._express(whole, at, f"{name}_{suffix}"))

    def _collect_tags(self, choice: Choice, branch: Any, shown: _Schema, stated: Stated) -> None:
        component = target.component if (target := same(branch)) is not None else None
        classes = self._choices.classes(shown)
        mapping: dict[str, str] = (choice.discriminator or {}).get("mapping") or {}
        values = [value for value, to in mapping.items() if component is not None and leads_to(to, component)]
        if len(classes) != 1:
            inner = self._choices.inner_tags(classes, stated.property)
            stated.explicit.update(inner.explicit)
            stated.implicit.update(inner.implicit)
        elif values:
            stated.explicit.update(dict.fromkeys(values, classes[0]))
        elif component is not None:
            stated.implicit[component] = classes[0]


def _covers(keywords: dict[str, Any], base: dict[str, Any]) -> bool:
    """Whether an object schema brings all fields of the base, and requires them as it does."""
    fields = keywords.get("properties") or {}
    return (base.get("properties") or {}).keys() <= fields.keys() and set(base.get("required") or ()) <= set(
        keywords.get("required") or ()
    )
