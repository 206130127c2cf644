"""Schemas as the generator is shown them: classes and enums as components with names of ours, everything else in place.

Owns which schema becomes a class, and the meaning of every keyword that shapes a type. Loses no component, no property
and no enum value; what a class cannot express is any value.

Facts
- The generator names an inline class by its title or its place, and two classes of one name are an error, or one of
  them is gone. It cannot resolve what leads into itself but through a class.
- Of nested `allOf` it forgets whole members.
"""

from typing import Any

from ..document import Pointer, components
from . import enums
from .alternatives import Alternatives
from .classes import Classes
from .constants import Constants
from .context import Context
from .defaults import with_default, without_default
from .merging import Merged, listed, merged, same
from .names import ClassNames
from .types import types_of
from .unions import ANY, DEEPEST, NULL, class_of, depth, nullable, union

_Schema = dict[str, Any]


class Schemas:
    """The lowering of all schemas of one document: `shown` holds the classes and enums, `aliases` what the components
    stand for that are neither.
    """

    def __init__(self, context: Context) -> None:
        self.shown: dict[str, _Schema] = {}
        self.aliases: dict[str, _Schema] = {}
        self._context = context
        self._schemas = components(context.document, "schemas")
        self._names = ClassNames(self._schemas, context)
        self._constants = Constants(self.shown, self._names, context)
        self._classes = Classes(self.shown, self._names, context, lower=self._lower, inner=self._inner)
        self.choices = self._classes.choices
        self._alternatives = Alternatives(self.choices, context, inner=self._inner, express=self._express)
        self._expressions: dict[str, _Schema] = {}
        self._open: set[str] = set()
        # Members bring one and the same schema into many classes, and a class into itself: it stays one class.
        self._inline: dict[int, _Schema] = {}

    def lower_components(self) -> None:
        """Write down every component, whether anything refers to it or not."""
        for component in self._schemas:
            shown = self._component(component)
            name = self._names.components[component]
            if name not in self.shown and name not in self._classes.sources:
                self.aliases[name] = shown
        self._classes.write_down()

    def lower(self, schema: Any, *, at: Pointer, name: str) -> _Schema:
        """The schema as the generator is shown it; inline classes become components named after `name`."""
        shown = self._lower(schema, at, name)
        self._classes.write_down()
        return shown

    def copy(self, schema: _Schema, suffix: str) -> _Schema:
        """A reference to a second class like the one that the shown schema refers to, with the suffix to its name."""
        return self._classes.copy(class_of(schema["$ref"]), suffix)

    def keep_enum(self, schema: _Schema, name: str) -> None:
        """Make sure that the values that the schema lists are members of some enum of the package."""
        self._constants.keep(schema, name)

    # What a schema becomes where it stands.

    def _lower(self, schema: Any, at: Pointer, name: str) -> _Schema:
        if not isinstance(schema, dict):
            if schema is False:
                self._context.repaired("boolean_schema")
            return dict(ANY)
        other = same(schema)
        if other is not None and other.component in self._schemas:
            shown = self._component(other.component)
            shown = nullable(shown, self._context) if other.nullable else shown
            return self._with_default(shown, other.default, schema.get("description"))
        if id(schema) not in self._inline:
            found = merged(schema, self._context)
            shown = self._express(found, at, name)
            if "$ref" not in shown and found.description:
                shown = {**shown, "description": found.description}
            self._inline[id(schema)] = self._with_default(shown, found.default, found.description)
        return self._inline[id(schema)]

    def _inner(self, schema: Any, at: Pointer, name: str) -> _Schema:
        """The same for a schema that stands where a default means nothing."""
        return without_default(self._lower(schema, at, name))

    def _with_default(self, shown: _Schema, default: Any, description: str | None) -> _Schema:
        return with_default(shown, default, description, self._constants.referred(shown), self._context)

    def _component(self, component: str) -> _Schema:
        """What a reference to the component stands for."""
        if component in self._expressions:
            return self._expressions[component]
        if component in self._open:
            self._context.repaired("recursive_alias")
            return dict(ANY)
        self._open.add(component)
        schema, at = self._schemas[component], ("components", "schemas", component)
        name = self._names.components[component]
        if not isinstance(schema, dict) or same(schema) is not None:
            shown = self._lower(schema, at, name)
        else:
            found = merged(schema, self._context, component)
            if self._is_class(found):
                # A class may lead into itself, so what refers to it is known before it is written down.
                reference = self._class(found, at, name)
                self._expressions[component] = nullable(reference, self._context) if found.nullable else reference
            shown = self._expressions.get(component) or self._express(found, at, name)
        self._open.discard(component)
        self._expressions[component] = without_default(shown)
        return self._expressions[component]

    def _is_class(self, schema: Merged) -> bool:
        types = types_of(schema, self._context)
        if schema.choices and "enum" not in schema.keywords:
            return False
        if types == ["object"] and "enum" not in schema.keywords:
            return True
        groups = self._groups(schema)
        return len(groups) == 1 and groups[0].kind != "boolean"

    def _class(self, schema: Merged, at: Pointer, name: str) -> _Schema:
        if "enum" in schema.keywords:
            return self._constants.enum(self._groups(schema)[0], name, schema.description)
        return self._classes.add(schema, at, name)

    def _groups(self, schema: Merged) -> tuple[enums.Members, ...]:
        if schema.groups is None:
            values = schema.keywords.get("enum") or ()
            schema.groups = enums.members(values, types_of(schema, self._context), self._context)
        return schema.groups

    # What a merged schema becomes.

    def _express(self, schema: Merged, at: Pointer, name: str) -> _Schema:
        types = types_of(schema, self._context)
        if schema.choices and not schema.keywords.keys() & {"enum", "const"}:
            shown = self._alternatives.union(schema, at, name)
        elif schema.keywords.get("enum") is not None:
            branches = [
                self._constants.branch(group, name if index == 0 else f"{name}_type_{index}", schema.description)
                for index, group in enumerate(self._groups(schema))
            ]
            shown = union(branches, self._context) if branches else dict(NULL if schema.nullable else ANY)
        elif "const" in schema.keywords:
            shown = self._constants.constant(schema.keywords["const"], types, name, schema.description)
        elif types:
            branches = [self._typed(kind, schema, at, name, alone=len(types) == 1) for kind in types]
            shown = union(branches, self._context)
        else:
            shown = dict(NULL) if listed(schema.keywords.get("type")) == ["null"] else dict(ANY)
        return nullable(shown, self._context) if schema.nullable and shown != NULL else shown

    def _typed(self, kind: str, schema: Merged, at: Pointer, name: str, *, alone: bool) -> _Schema:
        if kind == "object":
            return self._classes.add(schema, at, self._names.claim(name))
        if kind == "array":
            items = self._items(schema, at, name)
            if depth(items) >= DEEPEST:
                self._context.repaired("deep_list")
                items = dict(ANY)
            return {"type": "array", "items": items}
        shown: _Schema = {"type": kind}
        form = schema.keywords.get("format")
        if kind == "string" and isinstance(form, str) and (alone or form != "binary"):
            shown["format"] = form
        return shown

    def _items(self, schema: Merged, at: Pointer, name: str) -> _Schema:
        given = schema.keywords.get("items")
        lists = list(schema.keywords.get("prefixItems") or ())
        if given is None and not lists:
            self._context.repaired("array_without_items")
        places = [((*at, "prefixItems", str(index)), item) for index, item in enumerate(lists)]
        if isinstance(given, dict):
            places.append(((*at, "items"), given))
        elif given is False:
            self._context.repaired("boolean_schema")
        branches = [
            self._inner(item, place, f"{name}_item" if len(places) == 1 else f"{name}_item_type_{index}")
            for index, (place, item) in enumerate(places)
        ]
        shown = branches[0] if len(branches) == 1 else union(branches, self._context) if branches else dict(ANY)
        if any(branch == ANY for branch in branches):
            return dict(ANY)
        self.choices.note(shown, made_of=branches)
        return shown
