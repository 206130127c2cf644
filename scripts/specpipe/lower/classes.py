"""Object classes, written down. Owns what a class is shown as: its fields, which of them are required or secret, and
what else it may hold. Refuses nothing.

Facts
- A class may lead into itself, so it is named when it is met, and written down when what led to it is lowered.
- The generator's code for an optional field with a constant that is no text does not parse; as the one branch of a
  union it does.
- `additionalProperties: false` does not keep a vendor from adding a field some day; it is kept then.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..document import Pointer, component_ref
from ..secret_fields import SecretFields
from .choices import Choices
from .context import Context
from .merging import Merged
from .names import ClassNames
from .properties import field_names
from .unions import ANY, union

_Schema = dict[str, Any]
_Lower = Callable[[Any, Pointer, str], _Schema]


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a class is made of, and where that stands."""

    schema: Merged
    at: Pointer


class Classes:
    """The object classes of one document: `sources` has them as they are named, `shown` as they are written down.

    `lower` and `inner` lower what stands in a class; the first keeps defaults.
    """

    def __init__(
        self, shown: dict[str, _Schema], names: ClassNames, context: Context, *, lower: _Lower, inner: _Lower
    ) -> None:
        self.sources: dict[str, Source] = {}
        self.choices = Choices(shown, self.sources)
        self._shown = shown
        self._names = names
        self._context = context
        self._lower = lower
        self._inner = inner
        self._secrets = SecretFields(context.document)
        self._waiting: deque[str] = deque()
        self._copies: dict[tuple[str, str], _Schema] = {}

    def add(self, schema: Merged, at: Pointer, name: str) -> _Schema:
        """A reference to the class of that name, which is claimed."""
        self.sources[name] = Source(schema=schema, at=at)
        self._waiting.append(name)
        return {"$ref": component_ref("schemas", name)}

    def copy(self, name: str, suffix: str) -> _Schema:
        """A reference to a second class like the one of that name, with the suffix to its name."""
        if (name, suffix) not in self._copies:
            source = self.sources[name]
            self._copies[name, suffix] = self.add(source.schema, source.at, self._names.claim(f"{name}{suffix}"))
            self.write_down()
        return self._copies[name, suffix]

    def write_down(self) -> None:
        """Write down every class that is named by now, and those that they lead to."""
        while self._waiting:
            name = self._waiting.popleft()
            self._write(name, self.sources[name])

    def _write(self, name: str, source: Source) -> None:
        keywords, at = source.schema.keywords, source.at
        properties: dict[str, Any] = keywords.get("properties") or {}
        shown_names = field_names(properties, self._context)
        masked = [shown_names[prop] for prop, inner in properties.items() if self._secrets.is_secret(inner)]
        shown: _Schema = {"type": "object"}
        if source.schema.description:
            shown["description"] = source.schema.description
        self._shown[name] = shown
        fields = {
            shown_names[prop]: self._field(inner, (*at, "properties", prop), f"{name}_{prop}")
            for prop, inner in properties.items()
        }
        required = dict.fromkeys(keywords.get("required") or ())
        shown["properties"] = {prop: _one_of(field) for prop, field in fields.items()}
        if needed := [shown_names[prop] for prop in required if prop in shown_names]:
            shown["required"] = needed
        shown["additionalProperties"] = self._additional(keywords, at, name)
        if masked:
            shown["x-masked"] = masked

    def _field(self, schema: Any, at: Pointer, name: str) -> _Schema:
        shown = self._lower(schema, at, name)
        self.choices.note(shown)
        return shown

    def _additional(self, keywords: dict[str, Any], at: Pointer, name: str) -> Any:
        given = keywords.get("additionalProperties")
        patterns: dict[str, Any] = keywords.get("patternProperties") or {}
        if given is False and not patterns:
            self._context.repaired("closed_object")
        branches = [
            self._inner(inner, (*at, "patternProperties", pattern), f"{name}_AdditionalProperty")
            for pattern, inner in patterns.items()
        ]
        if isinstance(given, dict) and given:
            branches.append(self._inner(given, (*at, "additionalProperties"), f"{name}_AdditionalProperty"))
        elif given is not False or not patterns:
            return True
        shown = union(branches, self._context)
        self.choices.note(shown, made_of=branches)
        return True if shown == ANY or ANY in branches else shown


def _one_of(field: _Schema) -> _Schema:
    return field if isinstance(field.get("const", ""), str) else {"anyOf": [field]}
