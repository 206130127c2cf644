"""The fields of a class. Owns that no field has the name of another, of a method, or of a variable of the code that
reads and writes it; refuses nothing.

Facts
- The generator reads a list into variables that are called after it, `tags` into `tags_item` and `tags_item_data`, and
  a branch of a union into `kind_type_0`. A field of that name is overwritten without a word.
- The parser keeps what is left in `d`, and a class has methods and `additional_properties`.
"""

import re
from collections.abc import Iterable

from .context import Context
from .names import Claims, identifier, normal, settled

LOCALS = frozenset(
    [
        "additional_keys",
        "additional_properties",
        "additional_property",
        "cast",
        "cls",
        "d",
        "field_dict",
        "files",
        "from_dict",
        "json",
        "prop",
        "prop_dict",
        "prop_name",
        "self",
        "src_dict",
        "to_dict",
        "to_multipart",
        "types",
    ]
)
"""What the code of a class calls by itself."""

_DERIVED = re.compile(r"(?P<base>.+?)(?:_item|_type_\d+|_property)(?:_(?:item|type_\d+|data|element))*")


def field_names(properties: Iterable[str], context: Context) -> dict[str, str]:
    """For each property the name that the generator is shown: itself, or a marked one where it would collide."""
    names = list(properties)
    plain = {name: settled(identifier(normal(name))) for name in names}
    known = set(plain.values())
    claims = Claims(LOCALS)
    shown = {}
    # A name that already is what Python will see has the first claim to it.
    for name in sorted(names, key=lambda name: plain[name] != name):
        wanted = plain[name]
        derived = _DERIVED.fullmatch(wanted)
        if derived is not None and derived["base"] in known - {wanted}:
            wanted = f"{wanted}_field"
        chosen = claims.claim(wanted if wanted not in LOCALS else f"{wanted}_field")
        exact = chosen == identifier(name) and _is_plain(name)
        shown[name] = name if exact else context.marked(chosen, name)
        if chosen != plain[name]:
            context.repaired("field_name")
    return {name: shown[name] for name in names}


def _is_plain(name: str) -> bool:
    # Line breaks and control characters are dropped by the generator from the text as well.
    return name.isprintable() and not any(0x2800 <= ord(character) <= 0x28FF for character in name)
