"""Several pages of one API become one document.

Owns the rules of merging, and refuses, naming both pages, their lines and the pointer, what two pages say differently.
It chooses nothing itself:

- The pages are of one version: `openapi` and `info` are equal, `info.version` first of all.
- `servers`, `security` and every other statement on the whole document are equal, and stand in all pages or in none.
- Tags are united by name, and a page may have none; the same tag is described alike.
- Components and operations are united by name, and the same one is the same everywhere. Of the operations of one path
  the pages have in common what stands beside them.
- The scopes of an OAuth flow are united by name, since a page lists those of its own operations; the same scope is
  described alike, and all else of the scheme is equal.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from .document import METHODS, Document, Pointer, show
from .extract import Fragment
from .faults import MergeError

_UNITED = ("paths", "components", "tags")


def merge(fragments: Sequence[Fragment]) -> Document:
    """One document that says what all fragments say, in their order.

    Raises MergeError when two fragments contradict each other.
    """
    if len(fragments) == 1:
        # What is said once contradicts nothing, whatever shape it has.
        return fragments[0].document
    run = _Merging()
    for fragment in fragments:
        run.add(fragment)
    run.agree_on_absence(fragments)
    return run.result


class _Merging:
    """The document so far, its version, and by pointer where each part of it was said first."""

    def __init__(self) -> None:
        self.result: Document = {}
        self.said_by: dict[Pointer, str] = {}
        self.version = ""

    def add(self, page: Fragment) -> None:
        """Unite the document with that of a page."""
        self.agree_on_version(page)
        for key, value in page.document.items():
            if key == "paths" and isinstance(value, dict):
                for path, item in value.items():
                    self.unite_path(page, path, item)
            elif key == "components" and isinstance(value, dict):
                for section, named in value.items():
                    self.unite_section(page, section, named)
            elif key == "tags" and _are_tags(value) and _are_tags(self.result.get("tags", [])):
                self.unite_tags(page, value)
            else:
                self.say(page, (key,), value)

    def agree_on_version(self, page: Fragment) -> None:
        """Pages of two versions differ in more than can be told."""
        at = ("info", "version")
        here, version = _place(page, at), page.version
        if version is None:
            return
        self.version = self.version or version
        if self.version != version:
            raise MergeError(
                f"{self.said_by[at]} is of version {self.version}, {here} of {version}; take both anew, together"
            )
        self.said_by.setdefault(at, here)

    def unite_path(self, page: Fragment, path: str, item: Any) -> None:
        """Add the operations of a path."""
        # What stands beside the methods (parameters, servers) holds for all of them, so a page that leaves it out
        # where another page has it would change the meaning of the other's operations.
        at = ("paths", path)
        if at in self.said_by:
            known = self.result.get("paths", {}).get(path, {})
            if not _same(_beside_methods(known), _beside_methods(item)):
                raise self.contradiction(page, at)
        if isinstance(item, dict):
            self.said_by.setdefault(at, _place(page, at))
            for key, value in item.items():
                self.say(page, (*at, key), value)
        else:
            self.say(page, at, item)

    def unite_section(self, page: Fragment, section: str, named: Any) -> None:
        """Add the components of a section."""
        if not isinstance(named, dict):
            self.say(page, ("components", section), named)
            return
        for name, component in named.items():
            at = ("components", section, name)
            if section == "securitySchemes" and at in self.said_by:
                self.unite_scopes(page, at, component)
            else:
                self.say(page, at, component)

    def unite_scopes(self, page: Fragment, at: Pointer, scheme: Any) -> None:
        """Add the scopes that a scheme has on another page."""
        known = self.result["components"]["securitySchemes"][at[-1]]
        if not _same(_without_scopes(known), _without_scopes(scheme)):
            raise self.contradiction(page, at)
        for flow, scopes in _scopes(scheme).items():
            held = _scopes(known)[flow]
            for scope, meaning in scopes.items():
                here = (*at, "flows", flow, "scopes", scope)
                if scope not in held:
                    held[scope] = meaning
                    self.said_by[here] = _place(page, here)
                elif not _same(held[scope], meaning):
                    raise _contradiction(self.said_by.get(here, self.said_by[at]), _place(page, here), here)

    def unite_tags(self, page: Fragment, tags: list[dict[str, Any]]) -> None:
        """Add the tags that no other page has."""
        self.said_by.setdefault(("tags",), _place(page, ("tags",)))
        held = self.result.setdefault("tags", [])
        before = {tag["name"]: tag for tag in held}
        for index, tag in enumerate(tags):
            name = tag["name"]
            here = _place(page, ("tags", str(index)))
            if name not in before:
                held.append(tag)
                self.said_by.setdefault(("tags", name), here)
            elif not _same(before[name], tag):
                raise MergeError(
                    f"{self.said_by['tags', name]} and {here} describe the tag {name!r} differently; "
                    "pages of one API must agree"
                )

    def say(self, page: Fragment, at: Pointer, value: Any) -> None:
        """Add a part that must be the same wherever it is said."""
        node = self.result
        for length, part in enumerate(at[:-1], 1):
            self.said_by.setdefault(at[:length], _place(page, at[:length]))
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise self.contradiction(page, at[:length])
        if at not in self.said_by:
            self.said_by[at] = _place(page, at)
            node[at[-1]] = deepcopy(value)
        elif not _same(node.get(at[-1]), value):
            raise self.contradiction(page, at)

    def contradiction(self, page: Fragment, at: Pointer) -> MergeError:
        """The error for a part that the page says otherwise than the one that said it first."""
        return _contradiction(self.said_by[at], _place(page, at), at)

    def agree_on_absence(self, pages: Sequence[Fragment]) -> None:
        """A page that leaves out `servers` or `security` where another has it means something else."""
        for page in pages:
            for key in self.result:
                if key not in _UNITED and key not in page.document:
                    raise _contradiction(self.said_by[(key,)], page.file, (key,))


def _beside_methods(item: Any) -> Any:
    return {key: value for key, value in item.items() if key not in METHODS} if isinstance(item, dict) else item


def _are_tags(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(tag, dict) and isinstance(tag.get("name"), str) for tag in value)


def _scopes(scheme: Any) -> dict[str, dict[str, Any]]:
    """The scopes by flow; none where the scheme is of another kind."""
    flows = scheme.get("flows") if isinstance(scheme, dict) else None
    return {
        name: flow["scopes"]
        for name, flow in (flows.items() if isinstance(flows, dict) else ())
        if isinstance(flow, dict) and isinstance(flow.get("scopes"), dict)
    }


def _without_scopes(scheme: Any) -> Any:
    flows = _scopes(scheme)
    if not flows:
        return scheme
    return {**scheme, "flows": {**scheme["flows"], **{name: {**scheme["flows"][name], "scopes": {}} for name in flows}}}


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
