"""Several pages of one API become one document.

Owns the rule of merging: what two pages both say must be equal. Refuses, naming both pages, their lines and the
pointer, a component, an operation or a document-wide statement that two pages make differently. Chooses nothing itself.
"""

from collections.abc import Sequence
from typing import Any

from .document import METHODS, Document, Pointer, show
from .extract import Fragment
from .faults import MergeError


def merge(fragments: Sequence[Fragment]) -> Document:
    """One document that says what all fragments say, in their order.

    Raises MergeError when two fragments contradict each other.
    """
    result: Document = {}
    said_by: dict[Pointer, str] = {}
    for fragment in fragments:
        for key, value in fragment.document.items():
            if key == "paths":
                for path, item in value.items():
                    _merge_path(result, said_by, fragment, path, item)
            elif key == "components":
                for section, named in value.items():
                    for name, component in named.items():
                        _say(result, said_by, fragment, (key, section, name), component)
            else:
                _say(result, said_by, fragment, (key,), value)
    _agree_on_absence(fragments, said_by)
    return result


def _merge_path(result: Document, said_by: dict[Pointer, str], page: Fragment, path: str, item: dict[str, Any]) -> None:
    # What stands beside the methods (parameters, servers) holds for all of them, so a page that leaves it out
    # where another page has it would change the meaning of the other's operations.
    shared = {key: value for key, value in item.items() if key not in METHODS}
    known = result.get("paths", {}).get(path)
    if known is not None and shared != {key: value for key, value in known.items() if key not in METHODS}:
        raise _contradiction(said_by[("paths", path)], _place(page, ("paths", path)), ("paths", path))
    said_by.setdefault(("paths", path), _place(page, ("paths", path)))
    for key, value in item.items():
        _say(result, said_by, page, ("paths", path, key), value)


def _say(result: Document, said_by: dict[Pointer, str], page: Fragment, at: Pointer, value: Any) -> None:
    node = result
    for part in at[:-1]:
        node = node.setdefault(part, {})
    if at not in said_by:
        said_by[at] = _place(page, at)
        node[at[-1]] = value
    elif not _same(node[at[-1]], value):
        raise _contradiction(said_by[at], _place(page, at), at)


def _agree_on_absence(fragments: Sequence[Fragment], said_by: dict[Pointer, str]) -> None:
    # A page that leaves out `servers` or `security` where another has it means something else by its operations.
    for fragment in fragments:
        for at, place in said_by.items():
            if len(at) == 1 and at[0] not in fragment.document:
                raise _contradiction(place, fragment.file, at)


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: True is not 1, and 1 is not 1.0; the order of keys does not matter."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _place(page: Fragment, at: Pointer) -> str:
    return f"{page.file}:{page.lines[at]}" if at in page.lines else page.file


def _contradiction(one: str, other: str, at: Pointer) -> MergeError:
    return MergeError(f"{one} and {other} differ at {show(at)}; pages of one API must agree")
