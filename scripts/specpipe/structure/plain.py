"""The plain values of an OpenAPI document: texts, flags, names, and what a schema says of types, required names and
enums. Owns what each field may hold and what people write instead; refuses nothing, tells what is wrong.

Each rule takes the value and gives back what is left of it, the name of the repair, and the problem with it.

Facts
- In YAML `type: null` is nothing, where `"null"` was meant; OpenAPI 3.1 alone has that type.
- A `required: true` at a property comes from Swagger 2's parameters and means nothing in a schema.
- A control character in a description would end up in the source of a package, which then cannot be read.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from .targets import kind_of

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Plain(NamedTuple):
    """What a rule made of a value; no value is left where `keeps` is false."""

    value: Any = None
    rule: str = ""
    problem: str = ""
    keeps: bool = True


def _dropped(rule: str = "", problem: str = "") -> Plain:
    return Plain(None, rule, problem, keeps=False)


def text(value: Any) -> Plain:
    """A text that means something: a name, a place, a version."""
    if type(value) is str:
        return Plain(value)
    if isinstance(value, bool):
        return Plain(str(value).lower(), "text")
    if isinstance(value, int | float):
        return Plain(str(value), "text")
    return _dropped(problem=f"this is {kind_of(value)}, not a text")


def prose(value: Any) -> Plain:
    """A text for people, which the package can do without."""
    if isinstance(value, dict | list):
        return _dropped("prose")
    found = text(value)
    clean = _CONTROL.sub("", found.value)
    return found if clean == found.value else Plain(clean, "control_character")


def flag(value: Any) -> Plain:
    """True or false."""
    if isinstance(value, bool):
        return Plain(value)
    word = str(value).strip().lower()
    return Plain(word == "true", "flag") if word in ("true", "false") else _dropped("flag")


def scalar(value: Any) -> Plain:
    """A text, a number or a boolean that the package can do without."""
    return _dropped("misplaced_value") if isinstance(value, dict | list) else Plain(value)


def data(value: Any) -> Plain:
    """Anything."""
    return Plain(value)


def mapping(value: Any) -> Plain:
    """An object that the package can do without."""
    return Plain(value) if isinstance(value, dict) else _dropped("misplaced_value")


def texts(value: Any) -> Plain:
    """A list of texts."""
    if type(value) is not list:
        if isinstance(value, dict):
            return _dropped(problem="this is an object, not a list of texts")
        return Plain([text(value).value], "list_of_one")
    named = [item.get("name") if isinstance(item, dict) else item for item in value]
    found = [text(item).value for item in named if item is not None and not isinstance(item, dict | list)]
    return Plain(found) if found == value else Plain(found, "list_of_texts")


def types(value: Any) -> Plain:
    """A schema's `type`."""
    if isinstance(value, str):
        return Plain(value)
    if value is None:
        return Plain("null", "null_type")
    if not isinstance(value, list):
        return _dropped(problem=f"`type` is {kind_of(value)}, not a text")
    words = ["null" if word is None else word for word in value]
    if not all(isinstance(word, str) for word in words):
        return _dropped(problem="`type` holds what is not a text")
    return Plain(words, "null_type" if None in value else "") if words else _dropped("empty_list")


def required(value: Any) -> Plain:
    """A schema's `required`."""
    if isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false")):
        return _dropped("required_flag")
    if isinstance(value, str):
        return Plain([value], "list_of_one")
    if not isinstance(value, list):
        return _dropped(problem=f"`required` is {kind_of(value)}, not a list of names")
    if not all(isinstance(name, str) for name in value):
        return Plain([name for name in value if isinstance(name, str)], problem="`required` holds what is not a name")
    names = list(dict.fromkeys(value))
    return Plain(names, "repeated_name" if len(names) < len(value) else "")


def enum(value: Any) -> Plain:
    """A schema's `enum`."""
    if isinstance(value, list):
        return Plain(value) if value else _dropped("empty_list")
    if isinstance(value, dict):
        return _dropped(problem="`enum` is an object, not a list of values")
    return Plain([value], "list_of_one")


RULES: dict[str, Callable[[Any], Plain]] = {
    "text": text,
    "prose": prose,
    "flag": flag,
    "scalar": scalar,
    "data": data,
    "dict": mapping,
    "texts": texts,
    "type": types,
    "required": required,
    "enum": enum,
}
"""By the kind of a field, its rule."""
