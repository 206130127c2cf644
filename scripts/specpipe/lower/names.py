"""Python names for what a document names. Owns that they are unique, not too long, and free of what generated code uses
for itself; refuses nothing, every text gets a name.

Facts
- The generator turns a component's key into a class name, and that into a module name: two classes whose modules differ
  in nothing overwrite each other, on some file systems also those that differ in case.
- A file name may have 255 bytes, and a class is imported by lines that should be readable.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable

from openapi_python_client.strings import ClassName, PythonIdentifier, sanitize

from .context import Context

PREFIX = "field_"
"""What the generator puts before a name that cannot begin an identifier."""

DROPPED = re.compile(r"[^\w. -]+")
"""What the generator drops from between two words, as in `issues/list`, and makes one word of them."""

_LONGEST = 80
_DIGEST = 6
_ATTEMPTS = 4


def identifier(text: str) -> str:
    """The generator's identifier for the text; `value` when nothing of the text can stand in one."""
    found = str(PythonIdentifier(text, PREFIX))
    return "value" if found == PREFIX else found


def settled(name: str) -> str:
    """The identifier as it stays when the generator and Python read it again."""
    while (again := identifier(normal(name))) != name:
        name = again
    return name


def class_name(text: str) -> str:
    """The generator's class name for the text, such that it stays itself when made again; at most 80 characters."""
    # The generator finds words by a to z alone, and would go on changing the case of the rest.
    plain = normal("".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)))
    plain = DROPPED.sub(" ", plain)
    found = shortened(normal(str(ClassName(plain, PREFIX))) if sanitize(plain).strip("_. -") else "Value")
    for _ in range(_ATTEMPTS):
        again = normal(str(ClassName(found, PREFIX)))
        if again == found:
            return found
        found = again
    return "Value" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST].upper()


def unreserved(name: str) -> str:
    """The class name, or another one where generated modules use it for something else."""
    return f"{name}Model" if module_name(name) in _RESERVED_MODULES else name


def shortened(text: str, longest: int = _LONGEST) -> str:
    """The text, or its beginning and a digest of the whole, at most `longest` characters and 200 bytes."""
    if len(text) <= longest and len(text.encode("utf-8", "surrogatepass")) <= 2 * longest:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    kept = text[: longest - _DIGEST]
    while len(kept.encode("utf-8", "surrogatepass")) > 2 * longest:
        kept = kept[:-1]
    return kept + digest


def normal(name: str) -> str:
    """The name as Python compares identifiers."""
    return unicodedata.normalize("NFKC", name)


def module_name(name: str) -> str:
    """The module that the generator writes a class to. Two classes cannot share one."""
    return normal(identifier(name))


class Claims:
    """Names that are taken.

    Two names are the same when their `key` is. `joint` stands before the number of a name that ends in a digit: "_" for
    identifiers, "X" for classes.
    """

    def __init__(self, taken: Iterable[str] = (), *, key: Callable[[str], str] = normal, joint: str = "_") -> None:
        self._key = key
        self._taken = {key(name) for name in taken}
        self._joint = joint
        self._next: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return self._key(name) in self._taken

    def claim(self, name: str) -> str:
        """The name, with a number behind it if it is taken; it is taken afterwards."""
        candidate, own = name, self._key(name)
        number = self._next.get(own, 2)
        joint = self._joint if name[-1:].isdigit() else ""
        while candidate in self:
            candidate, number = f"{name}{joint}{number}", number + 1
        self._next[own] = number
        self._taken.add(self._key(candidate))
        return candidate


class ClassNames:
    """The names of all classes and enums of one document; components come before everything inline."""

    def __init__(self, components: Iterable[str], context: Context) -> None:
        self._claims = Claims(key=module_name, joint="X")
        self._context = context
        self.components: dict[str, str] = {}
        """The name of each component, were it a class."""
        for component in components:
            wanted = class_name(component)
            found = self._claims.claim(unreserved(wanted))
            if found != wanted:
                context.repaired("class_name")
            self.components[component] = found

    def claim(self, name: str) -> str:
        """A class name for something that has none in the document."""
        wanted = unreserved(class_name(name))
        found = self._claims.claim(wanted)
        if found != wanted:
            self._context.repaired("inline_class_name")
        return found


_RESERVED = (
    "AdditionalKeys AdditionalProperties AdditionalProperty Any AuthenticatedClient BinaryIO BytesIO Cast Client Cls D "
    "FieldDict File FileTypes Files FromDict Generator HTTPStatus IntEnum Json Literal Mapping OpenFloatEnum "
    "OpenIntEnum OpenStrEnum Prop PropDict PropName RequestFiles Response SrcDict StrEnum T TextIO ToDict ToMultipart "
    "TypeAlias TypeVar Types UNSET UUID UnknownObject Unset"
)
"""What generated modules import, define, or call a variable like the module of the class."""

_RESERVED_MODULES = frozenset(module_name(name) for name in re.findall(r"\w+", _RESERVED))
