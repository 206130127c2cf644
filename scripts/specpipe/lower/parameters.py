"""Parameters as the generator is shown them. Owns which parameters a call has and which of them the document has twice;
what they look like is `forms.py`'s, what they are called `arguments.py`'s. Refuses what OpenAPI 3 has no place for.

Facts
- A parameter is one by its name and its place; the operation's stands over the path's. Header names ignore case.
- OpenAPI ignores header parameters called Accept, Content-Type and Authorization: they are the request's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..document import Pointer
from .forms import Form, formed
from .parts import Part, Parts
from .paths import QueryPart
from .shapes import Shown, branches

_LOCATIONS = ("path", "query", "header", "cookie")
_OWN_HEADERS = frozenset({"accept", "content-type", "authorization"})
_STRING: Shown = {"type": "string"}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a call: where it goes under which name, and what it is shown as."""

    name: str
    location: str
    form: Form
    description: str = ""
    at: Pointer = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same parameter as another."""
        return self.location, self.name.lower() if self.location == "header" else self.name


def declared(parts: Parts, nodes: Iterable[tuple[Any, Pointer]], name: str) -> dict[tuple[str, str], Parameter]:
    """The parameters of one list by key; of those that are there twice the first."""
    found: dict[tuple[str, str], Parameter] = {}
    for node, at in nodes:
        part = parts.follow(node, at, name)
        location, wire = part.node.get("in"), part.node.get("name")
        if location not in _LOCATIONS or not isinstance(wire, str):
            parts.context.fault(at, f"a parameter in {location!r} has no place in an OpenAPI 3 request")
            _lowered(parts, part, name)
            continue
        parameter = _parameter(parts, part, location, wire, name)
        if location == "header" and wire.lower() in _OWN_HEADERS:
            parts.context.repaired("reserved_header")
        elif (known := found.get(parameter.key)) is None:
            found[parameter.key] = parameter
        else:
            parts.context.repaired("duplicate_parameter")
            if _plain(known.form.schema) != _plain(parameter.form.schema):
                parts.context.fault(at, f"the {location} parameter {wire!r} is declared before with another type")
    return found


def matched(
    parts: Parts, parameters: Iterable[Parameter], names: Iterable[str]
) -> tuple[list[Parameter | None], list[Parameter]]:
    """For each template of the path the parameter that stands for it, or None; and the parameters that go elsewhere."""
    names = list(names)
    here = {parameter.name: parameter for parameter in parameters if parameter.location == "path"}
    elsewhere = [parameter for parameter in parameters if parameter.location != "path"]
    unnamed = [parameter for name, parameter in here.items() if name not in names]
    missing = [name for name in dict.fromkeys(names) if name not in here]
    parts.context.repaired("unmatched_path_parameter", len(unnamed))
    if len(unnamed) == 1 and len(missing) == 1:
        here[missing[0]] = unnamed[0]
    else:
        parts.context.repaired("undeclared_path_parameter", len(missing))
    return [here.get(name) for name in names], elsewhere


def with_query(parts: Parts, parameters: Iterable[Parameter], query: Iterable[QueryPart]) -> list[Parameter]:
    """The parameters with those that a path's literal query stands for: constants, and what its templates name."""
    result = list(parameters)
    for item in query:
        parts.context.repaired("literal_query")
        names = (("query", item.name), ("query", item.template), ("path", item.template))
        known = next((index for key in names for index, one in enumerate(result) if one.key == key), None)
        if item.value is not None:
            schema: Shown = {"const": item.value, "default": item.value}
        elif known is not None:
            schema = result[known].form.schema
        else:
            schema = dict(_STRING)
        if known is None:
            result.append(Parameter(name=item.name, location="query", form=Form(schema=schema, required=True)))
        elif item.value is not None or result[known].location == "path":
            form = replace(result[known].form, schema=schema, required=True)
            result[known] = replace(result[known], name=item.name, location="query", form=form)
    return result


def _parameter(parts: Parts, part: Part, location: str, wire: str, name: str) -> Parameter:
    schema, structured = _lowered(parts, part, name)
    form = formed(parts, part, schema, location=location, as_text=structured)
    text = part.node.get("description") or schema.get("description") or ""
    description = "\n\n".join(item for item in (text, form.note) if item)
    return Parameter(name=wire, location=location, form=form, description=description, at=part.at)


def _lowered(parts: Parts, part: Part, operation: str) -> tuple[Shown, bool]:
    """The parameter's schema as it is shown, and whether it is one of text in which a document is written."""
    wire = part.node.get("name")
    name = part.name if part.name != operation else f"{operation}_{wire}"
    if "schema" in part.node:
        return parts.lower(part.node["schema"], (*part.at, "schema"), name), False
    for declared_type, media in (part.node.get("content") or {}).items():
        if isinstance(media, dict) and "schema" in media:
            parts.lower(media["schema"], (*part.at, "content", declared_type, "schema"), name)
    if part.node.get("content"):
        parts.context.repaired("parameter_content")
    return dict(_STRING), bool(part.node.get("content"))


def _plain(schema: Shown) -> list[Shown]:
    return [{key: item[key] for key in item if key not in ("description", "default")} for item in branches(schema)]
