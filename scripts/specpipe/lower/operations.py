"""The operations as the generator is shown them: of each what it reads, and nothing else. Owns that everything which an
operation declares is lowered, shown or not; a path that leads to another host is the document's fault.

Facts
- A path's parameters and those of its operations come together, the operation's first.
- The generator takes no server but the client's; an operation with its own says so in its description.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..document import METHODS, Pointer
from .arguments import RESERVED, arguments, described
from .bodies import lower_body
from .context import Context
from .forms import Form
from .naming import Place, operation_places
from .parameters import Parameter, declared, matched, with_query
from .parts import Part, Parts, Schemas
from .paths import Template, cut, has_expansion, has_query, leads_elsewhere, python_names, shown_path
from .responses import lower_responses
from .unshown import keep_callbacks, keep_components


@dataclass(frozen=True, kw_only=True)
class _Operation:
    """One operation, its parameters, and where its module goes."""

    method: str
    part: Part
    place: Place
    parameters: tuple[Parameter, ...]


def lower_paths(context: Context, schemas: Schemas) -> dict[str, Any]:
    """The `paths` that the generator is shown; what the document declares beside them is lowered as well."""
    parts = Parts(context, schemas)
    items = [
        (path, parts.follow(node, ("paths", path), ""))
        for path, node in (context.document.get("paths") or {}).items()
        if not path.startswith("x-")
    ]
    places = operation_places(
        ((path, method, item.node[method]) for path, item in items for method in METHODS if method in item.node),
        context,
    )
    shown: dict[str, Any] = {}
    for path, item in items:
        operations = _operations(parts, path, item, places)
        template = _template(path, operations)
        names = python_names(template, RESERVED)
        lowered = {one.method: _lower_operation(parts, item, one, template, names) for one in operations}
        if leads_elsewhere(path):
            context.fault(("paths", path), "the path leads to another host than the server")
        elif lowered:
            shown[shown_path(template, names, shown, context)] = lowered
    keep_components(parts)
    return shown


def _operations(parts: Parts, path: str, item: Part, places: dict[tuple[str, str], Place]) -> list[_Operation]:
    methods = [method for method in METHODS if method in item.node]
    first = places[path, methods[0]].name if methods else "path"
    common = declared(parts, _nodes(item), first)
    result = []
    for method in methods:
        place = places[path, method]
        part = Part(node=item.node[method], at=(*item.at, method), name=place.name)
        own = declared(parts, _nodes(part), place.name)
        # In the order of the path's parameters, so that adding one to an operation moves no other.
        merged = {**common, **own}
        result.append(_Operation(method=method, part=part, place=place, parameters=tuple(merged.values())))
    return result


def _nodes(holder: Part) -> Iterable[tuple[Any, Pointer]]:
    for index, node in enumerate(holder.node.get("parameters") or ()):
        yield node, (*holder.at, "parameters", str(index))


def _template(path: str, operations: list[_Operation]) -> Template:
    """The path cut up; its literal query goes to the parameters where there are any, since httpx replaces it."""
    with_parameters = any(one.location == "query" for operation in operations for one in operation.parameters)
    return cut(path, move_query=has_expansion(path) or (has_query(path) and with_parameters))


def _lower_operation(
    parts: Parts, item: Part, operation: _Operation, template: Template, names: list[str]
) -> dict[str, Any]:
    node, at, name = operation.part.node, operation.part.at, operation.place.name
    parameters = with_query(parts, operation.parameters, template.query)
    in_path, elsewhere = matched(parts, parameters, template.names)
    shown: dict[str, Any] = {"operationId": name, "tags": [operation.place.folder]}
    shown |= _texts(parts.context, item, operation.part)
    arguments_shown = [
        *_path_arguments(template, names, in_path),
        *arguments(names, elsewhere, parts.context),
    ]
    if arguments_shown:
        shown["parameters"] = arguments_shown
    if "requestBody" in node:
        body = lower_body(parts, parts.follow(node["requestBody"], (*at, "requestBody"), f"{name}_body"))
        shown |= {"requestBody": body} if body is not None else {}
    responses = Part(node=node.get("responses") or {}, at=(*at, "responses"), name=name)
    shown["responses"] = lower_responses(parts, responses, method=operation.method)
    keep_callbacks(parts, operation.part)
    return shown


def _path_arguments(template: Template, names: list[str], found: list[Parameter | None]) -> list[dict[str, Any]]:
    result = []
    for index, (name, parameter) in enumerate(zip(names, found, strict=True)):
        form = parameter.form if parameter is not None else Form(schema={"type": "string"}, required=True)
        shown = {"name": name, "in": "path", "required": True, "schema": form.schema}
        text = parameter.description if parameter is not None else ""
        first = template.names.index(template.names[index])
        if first != index:
            text = f"The same value as `{names[first]}`."
        result.append(described(shown, text))
    return result


def _texts(context: Context, item: Part, operation: Part) -> dict[str, str]:
    servers = operation.node.get("servers") or item.node.get("servers") or ()
    addresses = [server["url"] for server in servers if isinstance(server, dict) and isinstance(server.get("url"), str)]
    texts = [operation.node.get("description") or ""]
    if addresses:
        context.repaired("operation_servers")
        texts.append(f"The document says that this operation is served at {', '.join(addresses)}.")
    found = {"summary": operation.node.get("summary") or "", "description": "\n\n".join(filter(None, texts))}
    return {key: text for key, text in found.items() if text}
