"""The body of an operation's `_get_kwargs`, written from the document. Owns what of a call goes where in the request,
by the functions of static/sending.py; refuses an operation whose arguments are not those of the document.

Facts
- The generator writes parameters by `str`, joins no list, sends a form's objects as Python, and asks `isinstance` of
  `list[X]`, which raises.
- It puts the same boundary into every multipart body; a file that holds it would end there.
- What depends on the body's type is a branch of its own, in the order of the content types.
"""

from collections.abc import Iterator
from typing import Any

from ..faults import FinishError
from ..lower.names import identifier, normal
from .readers import Needs
from .shown import Schema, Shown, allows_null, branches, class_of, is_any, is_null

_FORMATS = {"binary": "File", "date": "datetime.date", "date-time": "datetime.datetime", "uuid": "UUID"}
_TYPES = {"string": "str", "integer": "int", "number": "float | int", "boolean": "bool", "array": "list"}


class Request:
    """One operation of a document: how its arguments become a request."""

    def __init__(self, shown: Shown, operation: dict[str, Any], *, arguments: set[str], name: str) -> None:
        self._shown = shown
        self._operation = operation
        self.needs = Needs()
        """Functions of static/sending.py and static/types.py, and components, that the text evaluates."""
        self._parameters: dict[str, list[tuple[dict[str, Any], str]]] = {}
        for parameter in operation.get("parameters", ()):
            argument = normal(identifier(parameter["name"]))
            if argument not in arguments:
                raise FinishError(f"{name}: there is no argument for the parameter {argument!r}")
            self._parameters.setdefault(parameter["in"], []).append((parameter, argument))

    def lines(self, *, method: str, url: str, path_names: list[str]) -> Iterator[str]:
        """The statements; `url` is the template as it is sent, `path_names` the arguments in it."""
        body = self._operation.get("requestBody")
        has_headers = bool(body or self._parameters.keys() & {"header", "cookie"})
        if has_headers:
            yield f"headers: dict[str, Any] = {self._headers()}"
        if "cookie" in self._parameters:
            yield f"headers |= {self._call('cookies', self._mapping('cookie'))}"
        yield "_kwargs: dict[str, Any] = {"
        yield f"    'method': {method!r},"
        filled = ", ".join(f"{name}={self._call('path', name, repr(name))}" for name in path_names)
        yield f"    'url': {url!r}.format({filled})," if path_names else f"    'url': {url!r},"
        if "query" in self._parameters:
            yield f"    'params': {self._query()},"
        yield "}"
        if body:
            yield from self._body(body)
        if has_headers:
            yield "_kwargs['headers'] = headers"
        yield "return _kwargs"

    def _headers(self) -> str:
        return self._call("headers", self._mapping("header")) if "header" in self._parameters else "{}"

    def _query(self) -> str:
        parameters = [(parameter, self._shown.name(parameter["name"])) for parameter, _ in self._parameters["query"]]
        joined = {name: parameter["x-joined"] for parameter, name in parameters if "x-joined" in parameter}
        deep = [name for parameter, name in parameters if parameter.get("x-deep-object")]
        arguments = [f"joined={joined!r}"] if joined else []
        arguments += [f"deep={deep!r}"] if deep else []
        return self._call("query", self._mapping("query"), *arguments)

    def _mapping(self, location: str) -> str:
        pairs = [f"{self._shown.name(item['name'])!r}: {argument}" for item, argument in self._parameters[location]]
        return f"{{{', '.join(pairs)}}}"

    def _body(self, body: dict[str, Any]) -> Iterator[str]:
        content = list(body["content"].items())
        if len(content) == 1:
            statements = self._one_body(*content[0])
            if body.get("required"):
                yield from statements
            else:
                yield f"if not isinstance(body, {self._type('Unset')}):"
                yield from (f"    {line}" for line in statements)
            return
        types = [self._instances(media["schema"]) for _, media in content]
        names = list(dict.fromkeys(name for found in types for name in found))
        allowed = names if body.get("x-required") else [*names, self._type("Unset")]
        yield f"if not isinstance(body, {' | '.join(allowed)}):"
        yield f"    raise TypeError({'body is none of ' + ', '.join(names)!r})"
        for found, (shown_type, media) in zip(types, content, strict=True):
            yield f"if isinstance(body, {' | '.join(found)}):"
            yield from (f"    {line}" for line in self._one_body(shown_type, media))

    def _one_body(self, shown_type: str, media: dict[str, Any]) -> Iterator[str]:
        schema, declared = media["schema"], repr(self._shown.name(shown_type))
        carrier = carrier_of(self._shown.lowered.content_types.get(shown_type, shown_type))
        match carrier:
            case "json":
                yield from self._json(schema)
            case "data":
                deep = [name for name, item in media.get("encoding", {}).items() if item.get("style") == "deepObject"]
                yield f"_kwargs['data'] = {self._call('form', 'body', *([f'deep={deep!r}'] if deep else []))}"
            case "files":
                yield "_kwargs['files'] = body.to_multipart()"
                declared = self._call("multipart_type", declared)
            case "content":
                yield f"_kwargs['content'] = {self._call('content', 'body')}"
        if "x-media-types" in media:
            declared = self._call("media_type", "body.mime_type", *map(repr, media["x-media-types"]))
        yield f"headers['Content-Type'] = {declared}"

    def _json(self, schema: Schema) -> Iterator[str]:
        written = self._call("to_json", "body")
        if not allows_null(schema):
            yield f"_kwargs['json'] = {written}"
            return
        # httpx takes a JSON body of None for no body.
        yield "if body is None:"
        yield "    _kwargs['content'] = b'null'"
        yield "else:"
        yield f"    _kwargs['json'] = {written}"

    def _instances(self, schema: Schema) -> list[str]:
        """What `isinstance` knows the body's values by."""
        return list(dict.fromkeys(name for branch in branches(schema) for name in self._branch_instances(branch)))

    def _branch_instances(self, branch: Schema) -> list[str]:
        name = class_of(branch)
        if name is not None:
            self.needs.classes.add(name)
            return [name]
        if is_null(branch):
            return ["None"]
        if "const" in branch:
            return [type(branch["const"]).__name__]
        kind = "object" if is_any(branch) else _FORMATS.get(branch.get("format", ""), _TYPES[branch["type"]])
        return [self._type("File")] if kind == "File" else kind.split(" | ")

    def _call(self, function: str, *arguments: str) -> str:
        self.needs.functions.add(function)
        return f"_{function}({', '.join(arguments)})"

    def _type(self, name: str) -> str:
        self.needs.functions.add(name)
        return name


def carrier_of(content_type: str) -> str:
    """The argument of httpx that carries a body of the content type: json, data, files or content."""
    plain = content_type.split(";", 1)[0].strip().lower()
    if plain == "application/x-www-form-urlencoded":
        return "data"
    if plain == "multipart/form-data":
        return "files"
    return "json" if plain == "application/json" or plain.endswith("+json") else "content"
