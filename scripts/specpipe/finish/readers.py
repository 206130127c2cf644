"""Expressions that read JSON into the types of fields and replies. Owns which function of static/reading.py a schema
needs; refuses nothing: what needs none is taken as it is.

Facts
- An object of a union is read by its tag where there is one, and else by the first class whose required fields are
  there and whose constants fit.
- A constant that differs is kept: outside of a union there is nothing else that the value could be.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .shown import Schema, Shown, allows_null, branches, class_of, is_any, is_null

_EXACT = {"date": "exact_date", "date-time": "exact_moment", "uuid": "exact_uuid"}
_FORMATS = {"date": "datetime.date.fromisoformat", "date-time": "datetime.datetime.fromisoformat", "uuid": "UUID"}


@dataclass(kw_only=True)
class Needs:
    """What an expression evaluates: functions of static/reading.py, and components by name."""

    functions: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)


class Readers:
    """The expressions for one document's schemas; each notes what it needs."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def field(self, schema: Schema, name: str, *, required: bool, needs: Needs) -> str:
        """The value of a class's field, taken out of `d`."""
        taken = f"d.pop({name!r})" if required else f"d.pop({name!r}, UNSET)"
        if _is_choice(schema):
            plain = required or allows_null(schema)
            return self._choice(schema, taken if plain else self._call("given", taken, needs=needs), needs)
        is_list = schema.get("type") == "array"
        read = self.reader(schema, needs)
        if read is None:
            if is_any(schema) or (required and not is_list):
                return taken
            return self._call("or_empty" if required else "given", taken, needs=needs)
        if required and is_list:
            return self.read(schema, taken, needs)
        return self._call("required" if required else "optional", taken, read, needs=needs)

    def reader(self, schema: Schema, needs: Needs, *, exact: bool = False) -> str | None:
        """A function that reads a value of the schema that is not null; None where the value is taken as it is.

        With `exact` a text of another spelling than the schema's is none of it.
        """
        if schema.get("type") == "array" or _is_choice(schema):
            found = self.read(schema, "value", needs, exact=exact)
            return None if found == "value" else f"lambda value: {found}"
        return self._plain(schema, needs, exact=exact)

    def read(self, schema: Schema, value: str, needs: Needs, *, keep: bool = True, exact: bool = False) -> str:
        """An expression that reads the value of an expression.

        What fits no branch of a union is kept, unless `keep` is False and every branch is one of objects or lists.
        """
        if _is_choice(schema):
            return self._choice(schema, value, needs, keep=keep)
        if schema.get("type") == "array":
            item = self.reader(schema.get("items", {}), needs, exact=exact)
            return value if item is None else self._call("listed", value, item, needs=needs)
        read = self._plain(schema, needs, exact=exact)
        return value if read is None else f"{read}({value})"

    def _plain(self, schema: Schema, needs: Needs, *, exact: bool) -> str | None:
        name = class_of(schema)
        if name is not None:
            needs.classes.add(name)
            return name if self._shown.is_enum(name) else f"{name}.from_dict"
        if schema.get("type") != "string":
            return None
        if schema.get("format") == "binary":
            needs.functions.add("file")
            return "_file"
        known = schema.get("format", "")
        if exact and known in _EXACT:
            needs.functions.add(_EXACT[known])
            return f"_{_EXACT[known]}"
        return _FORMATS.get(known)

    def _choice(self, schema: Schema, value: str, needs: Needs, *, keep: bool = True) -> str:
        members = [branch for branch in branches(schema) if not is_null(branch)]
        named = [name for branch in members if (name := class_of(branch)) is not None]
        objects = list(dict.fromkeys(name for name in named if not self._shown.is_enum(name)))
        choice = self._shown.lowered.discriminators.get(frozenset(objects)) if len(objects) > 1 else None
        tagged = {tag: name for tag, name in choice.mapping.items() if name in objects} if choice else {}
        readers = [
            read
            for branch in members
            if class_of(branch) not in tagged.values()
            and (read := self._branch(branch, objects, needs, alone=len(members) == 1)) is not None
        ]
        if not readers and not tagged:
            return value
        arguments = [value, *readers]
        if choice is not None and tagged:
            needs.classes.update(tagged.values())
            known = ", ".join(f"{tag!r}: {name}.from_dict" for tag, name in tagged.items())
            arguments += [f"tag={choice.property!r}", f"classes={{{known}}}"]
        if any(is_any(branch) for branch in members):
            arguments.append("keep_objects=True")
        if not keep and all(class_of(branch) in objects or branch.get("type") == "array" for branch in members):
            arguments.append("keep=False")
        return self._call("one_of", *arguments, needs=needs)

    def _branch(self, branch: Schema, objects: Iterable[str], needs: Needs, *, alone: bool) -> str | None:
        name = class_of(branch)
        if name is not None and self._shown.is_enum(name):
            needs.classes.add(name)
            return name if alone else self._call("known", name, needs=needs)
        if name is not None:
            needs.classes.add(name)
            constants = self._constants(name, [other for other in objects if other != name])
            read = f"{name}.from_dict"
            return self._call("told", read, repr(constants), needs=needs) if constants else read
        if branch.get("format") == "binary":
            needs.functions.add("content")
            return "_content"
        return self.reader(branch, needs, exact=not alone)

    def _constants(self, name: str, others: list[str]) -> dict[str, tuple[Any, ...]]:
        """The fields of a class that may have some values only, where another class of the union allows others."""
        found = {}
        for prop, schema in self._shown.components[name].get("properties", {}).items():
            values = self._values(schema)
            beside = [self._shown.components[other].get("properties", {}).get(prop) for other in others]
            if values and any(other is not None and self._values(other) != values for other in beside):
                found[self._shown.name(prop)] = values
        return found

    def _values(self, schema: Schema) -> tuple[Any, ...]:
        """The constants that the schema allows, null aside; none where it allows anything else."""
        values: list[Any] = []
        for branch in branches(schema):
            name = class_of(branch)
            if "const" in branch:
                values.append(branch["const"])
            elif name is not None and self._shown.is_enum(name):
                component = self._shown.components[name]
                values += map(float, component["enum"]) if component.get("x-float-enum") else component["enum"]
            elif not is_null(branch):
                return ()
        return tuple(values)

    def _call(self, function: str, *arguments: str, needs: Needs) -> str:
        needs.functions.add(function)
        return f"_{function}({', '.join(arguments)})"


def _is_choice(schema: Schema) -> bool:
    """Whether a value may be of one of several types, null included."""
    return "anyOf" in schema
