"""Which fields of a model are secret. Owns the rule: `writeOnly`, `format: password` or `x-secret`, on the property, on
what it refers to, on one of its alternatives or on its items. Refuses nothing.
"""

from typing import Any

from .document import Document, resolve

_ALTERNATIVES = ("allOf", "anyOf", "oneOf", "prefixItems")


def secret_properties(document: Document, schema: Any) -> frozenset[str]:
    """The names of the secret properties of an object schema, those that `allOf` brings included."""
    return _secret_properties(document, schema, frozenset())


def _secret_properties(document: Document, schema: Any, seen: frozenset[int]) -> frozenset[str]:
    target = resolve(document, schema)
    if not isinstance(target, dict) or id(target) in seen:
        return frozenset()
    seen |= {id(target)}
    found = {name for name, inner in (target.get("properties") or {}).items() if is_secret(document, inner)}
    for member in target.get("allOf") or ():
        found |= _secret_properties(document, member, seen)
    return frozenset(found)


def is_secret(document: Document, schema: Any, seen: frozenset[int] = frozenset()) -> bool:
    """Whether a value of this schema may not be shown. Objects with secret fields mask those fields themselves."""
    if not isinstance(schema, dict) or id(schema) in seen:
        return False
    seen |= {id(schema)}
    if schema.get("x-secret") is True or schema.get("writeOnly") is True or schema.get("format") == "password":
        return True
    inner = [item for keyword in _ALTERNATIVES for item in schema.get(keyword) or ()]
    inner += [schema[keyword] for keyword in ("items", "additionalProperties") if keyword in schema]
    if "$ref" in schema:
        inner.append(resolve(document, {"$ref": schema["$ref"]}))
    return any(is_secret(document, item, seen) for item in inner)
