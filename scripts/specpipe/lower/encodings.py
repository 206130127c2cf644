"""What a document asks of the fields of a form and no request of ours does. Owns the finding, which is counted; refuses
nothing, such a field is sent as any other.

Facts
- A form's lists are repeated, its objects spread by `a[b]`; a multipart body has text as `text/plain` and objects as
  JSON. Whoever gives a file says its type.
"""

from typing import Any

from . import media
from .media import Kind, essence
from .parts import Parts
from .shapes import Shown, branches, word
from .unions import class_of

_DELIMITED = ("spaceDelimited", "pipeDelimited")


def count_unsupported(parts: Parts, kind: Kind, encodings: Any, shown: Shown) -> None:
    """Count the fields of the shown schema that the encodings want sent in a way that they are not."""
    words = _words(parts, shown)
    for name, encoding in encodings.items() if isinstance(encodings, dict) else ():
        if isinstance(encoding, dict) and name in words and _is_unsupported(kind, encoding, words[name]):
            parts.context.repaired("unsupported_style")


def _words(parts: Parts, shown: Shown) -> dict[str, set[str]]:
    """What the fields are, and the items of those that are lists."""
    found: dict[str, set[str]] = {}
    for branch in branches(shown):
        fields = parts.classes.get(class_of(branch.get("$ref", "")), {}).get("properties", {})
        for name, field in fields.items():
            own = branches(field)
            items = [inner for item in own if "items" in item for inner in branches(item["items"])]
            words = {word(item, parts.classes) for item in [*own, *items]}
            found.setdefault(parts.context.wire.get(name, name), set()).update(words)
    return found


def _is_unsupported(kind: Kind, encoding: dict[str, Any], words: set[str]) -> bool:
    stated = encoding.get("contentType")
    types = {essence(one) for one in stated.split(",")} if isinstance(stated, str) else set()
    if kind is Kind.MULTIPART:
        sent = media.JSON if "class" in words else media.TEXT
        return bool(types) and sent not in types and not words & {"binary", "any"}
    is_joined = encoding.get("style") in _DELIMITED or encoding.get("explode") is False
    is_compound = bool(words & {"array", "class"}) and encoding.get("style") != "deepObject"
    return kind is Kind.FORM and (
        encoding.get("allowReserved") is True or (is_compound and (is_joined or media.JSON in types))
    )
