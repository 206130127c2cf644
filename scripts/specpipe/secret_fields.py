"""Which fields are secret. Owns the rule: `writeOnly`, `format: password` or `x-secret`, on the property, on what it
refers to, on one of its alternatives or on its items. Refuses nothing.
"""

from typing import Any

from .document import Document, lookup, parse_ref

_ALTERNATIVES = ("allOf", "anyOf", "oneOf", "prefixItems")


class SecretFields:
    """The rule for one document; what a reference leads to is looked at once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, bool] = {}

    def is_secret(self, schema: Any) -> bool:
        """Whether a value of this schema may not be shown. Objects with secret fields mask those fields themselves."""
        return self._is_secret(schema, set())

    def _is_secret(self, schema: Any, seen: set[str]) -> bool:
        if not isinstance(schema, dict):
            return False
        if schema.get("x-secret") is True or schema.get("writeOnly") is True or schema.get("format") == "password":
            return True
        inner = [item for keyword in _ALTERNATIVES for item in schema.get(keyword) or ()]
        inner += [schema[keyword] for keyword in ("items", "additionalProperties") if keyword in schema]
        inner += (schema.get("patternProperties") or {}).values()
        return any(self._is_secret(item, seen) for item in inner) or self._leads_to_secret(schema.get("$ref"), seen)

    def _leads_to_secret(self, ref: Any, seen: set[str]) -> bool:
        if not isinstance(ref, str) or ref in seen:
            return False
        if ref in self._known:
            return self._known[ref]
        is_start = not seen
        seen.add(ref)
        found = self._is_secret(self._target(ref), seen)
        if is_start or found:  # halfway round a circle, "no" is not yet an answer
            self._known[ref] = found
        return found

    def _target(self, ref: str) -> Any:
        # One step at a time: what stands beside the next reference counts as well.
        pointer = parse_ref(ref)
        try:
            return lookup(self._document, pointer) if pointer is not None else None
        except KeyError:
            return None
