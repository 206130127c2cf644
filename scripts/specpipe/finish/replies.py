"""What an operation makes of a reply, written from the document. Owns the expression for each declared response;
refuses nothing: of a response without content nothing is made.

Facts
- The generator's parser of one status reads `response.json()`, `.text` or `.content`, or returns None where the
  document declares no content. A body that is declared and comes as null is no body.
- Media types that differ are shown as one JSON response with `x-media`; the reply's own type decides then. So it does
  for types of JSON whose schemas differ, in `x-media-schemas`; a reply of no such type is any of them.
"""

from collections.abc import Mapping
from typing import Any

from .readers import Needs, Readers
from .shown import Schema, Shown, allows_null

_JSON = "response.json()"
_SOURCES = (_JSON, "response.text", "response.content")
_TAKES_NULL = ("_listed(", "_one_of(")
_UNTYPED = ("response.", "_json_or_content(", "_one_of(", "_present(")


def status_of(numbers: list[int]) -> str:
    """The status as the document writes it, of the numbers that a branch compares with."""
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0] // 100}XX"


class Reply:
    """The replies of one operation."""

    def __init__(self, shown: Shown, responses: dict[str, Any], *, returns: str) -> None:
        self._responses = responses
        self._readers = Readers(shown)
        self._returns = returns
        self._declared = False
        self.needs = Needs()
        """Functions of static/reading.py and static/replies.py, and components, that the lines evaluate."""

    def lines(self, status: str, generated: str) -> list[str]:
        """The statements for a status, in the place of the generated ones."""
        response = self._responses.get(status, {})
        content = list(response.get("content", {}).values())
        source = next((source for source in _SOURCES if source in generated), None)
        if not content or "schema" not in content[0] or source is None:
            return ["return None"]
        schema: Schema = content[0]["schema"]
        told = self._by_type(response.get("x-media-schemas", {}))
        if source == _JSON and "x-media" in response:
            self.needs.functions.add("json_or_content")
            source = f"_json_or_content(response, {response['x-media']!r})"
        if source == "response.text" and schema == {"type": "string"}:
            return [f"return {source}"]
        return [*told, *self._returned(self._read(schema, source))]

    def _by_type(self, schemas: Mapping[str, Schema]) -> list[str]:
        """The statements for a reply that calls itself one of the media types."""
        lines = []
        for named, schema in schemas.items():
            self.needs.functions.add("named_type")
            lines.append(f"if _named_type(response) == {named!r}:")
            lines += (f"    {line}" for line in self._returned(self._read(schema, _JSON)))
        return lines

    def _returned(self, expression: str) -> list[str]:
        if not expression.startswith(_UNTYPED):
            return [f"return {expression}"]
        declared, self._declared = ("parsed" if self._declared else f"parsed: {self._returns}"), True
        return [f"{declared} = {expression}", "return parsed"]

    def _read(self, schema: Schema, source: str) -> str:
        expression = self._readers.read(schema, source, self.needs, keep=False)
        if expression.startswith((source, *_TAKES_NULL)) and not allows_null(schema):
            self.needs.functions.add("present")
            return expression.replace(source, f"_present({source})", 1)
        return expression
