"""What differs between the messages of two operations: parameters, bodies, replies, headers, media types. Owns the
pairing of these; goes on into their schemas by `walk`.

Facts
- The name of a parameter in a path is never sent: such parameters are paired by their place.
- Header names and media types are the same in any case, and a media type in any charset.
- `*/*` is every media type: what is taken more gladly, or promised more narrowly, breaks nobody.
- Whether a list is exploded is no question of a single value.
- Parameters of a path stand for all its operations, unless one of them has its own.
- A refusal may come with any status; a success that is new is one that callers cannot read.
"""

import re
from typing import Any

from ..document import Document
from .judging import Bare, Direction
from .keywords import found
from .operations import Operation, spot_of
from .shapes import NOTHING, Spot
from .walk import Findings, Use, Walk

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_FLAGS = ("allowReserved", "allowEmptyValue")
_SCALARS = {"boolean", "integer", "null", "number", "string"}


class Messages:
    """The messages of one operation, in both documents."""

    def __init__(
        self, documents: tuple[Document, Document], pair: tuple[Operation, Operation], findings: Findings, walk: Walk
    ) -> None:
        self._documents, self._pair, self._findings, self._walk = documents, pair, findings, walk
        self._sent: Direction = "response" if pair[1].told else "request"
        self._got: Direction = "request" if pair[1].told else "response"

    def compare(self) -> None:
        """Collect what differs of what is sent and of what comes back."""
        self._named("", self._sent, *map(self._parameters, self._documents, self._pair))
        self._body()
        self._replies()

    def _note(self, event: str, direction: Direction, old: Spot, new: Spot, place: str, /, **about: Any) -> None:
        use = Use(operation=self._pair[1].name, place=self._pair[1].prefix + place, field="")
        self._findings.add(found(event, direction, old.at, new.at, **about), use)

    def _enter(self, direction: Direction, old: Spot, new: Spot, place: str, *, is_needed: bool = False) -> None:
        place = self._pair[1].prefix + place
        self._walk.enter(direction, old, new, self._pair[1].name, place, is_needed=is_needed)

    def _parameters(self, document: Document, operation: Operation) -> dict[str, Spot]:
        """The parameters by what they are called in a report; a path's by the name that the new document has."""
        result: dict[str, Spot] = {}
        for holder in (operation.shared, operation.spot):
            for index in range(len(holder.node.get("parameters") or ())):
                spot = spot_of(document, holder.child("parameters", str(index)))
                place, name = str(spot.node.get("in", "")), str(spot.node.get("name", ""))
                if place == "path":
                    name = self._name_in_path(operation, name)
                result[f"{place} parameter {name.lower() if place == 'header' else name}"] = spot
        return result

    def _name_in_path(self, operation: Operation, name: str) -> str:
        own, new = (re.findall(r"\{([^}]*)\}", one.name) for one in (operation, self._pair[1]))
        return str(new[own.index(name)]) if name in own and len(own) == len(new) else name

    def _named(self, prefix: str, direction: Direction, old: dict[str, Spot], new: dict[str, Spot]) -> None:
        """Parameters or headers."""
        for name in {**old, **new}:
            was, now = old.get(name, NOTHING), new.get(name, NOTHING)
            place = prefix + name
            if name in old and name in new:
                self._requiredness(direction, was, now, place)
                self._style(direction, was, now, place)
                is_needed = any(side.node.get("required") for side in (was, now))
                self._enter(direction, _schema(was), _schema(now), place, is_needed=is_needed)
            elif name in old:
                self._note("field removed", direction, was, self._pair[1].spot, place)
            else:
                event = "required field added" if now.node.get("required") else "field added"
                self._note(event, direction, self._pair[0].spot, now, place)

    def _requiredness(self, direction: Direction, was: Spot, now: Spot, place: str) -> None:
        needs = [bool(side.node.get("required")) for side in (was, now)]
        if needs[0] != needs[1]:
            self._note("required" if needs[1] else "optional", direction, was, now, place)
        ends = [bool(side.node.get("deprecated")) for side in (was, now)]
        if ends[0] != ends[1]:
            self._note("deprecated" if ends[1] else "restored", direction, was, now, place)

    def _style(self, direction: Direction, was: Spot, now: Spot, place: str) -> None:
        sides = [_written(side.node) for side in (was, now)]
        types = self._walk.schemas.types(_schema(was), _schema(now))
        for keyword in sides[0]:
            old, new = sides[0][keyword], sides[1][keyword]
            if old != new and not (keyword == "explode" and types and types <= _SCALARS):
                event = "written more freely" if keyword in _FLAGS and new else "written otherwise"
                self._note(event, direction, was, now, place, keyword=keyword, old=old, new=new)

    def _body(self) -> None:
        sides = [spot_of(*side) for side in zip(self._documents, self._bodies(), strict=True)]
        was, now = sides
        if not (was.node or now.node):
            return
        if was.node and now.node:
            self._requiredness(self._sent, was, now, "request body")
            self._media(self._sent, was, now, "request body", is_success=False)
        elif was.node:
            self._note("field removed", self._sent, was, self._pair[1].spot, "request body")
        else:
            event = "required field added" if now.node.get("required") else "field added"
            self._note(event, self._sent, self._pair[0].spot, now, "request body")

    def _bodies(self) -> list[Spot]:
        return [one.spot.child("requestBody") for one in self._pair]

    def _replies(self) -> None:
        old, new = (one.spot.child("responses") for one in self._pair)
        for status in {**old.node, **new.node}:
            if status.startswith("x-"):
                continue
            place, is_success = f"response {status}", status.startswith("2")
            word = "success" if is_success else "status"
            if status not in new.node:
                self._note(f"{word} removed", self._got, old.child(status), new, place)
            elif status not in old.node:
                self._note(f"{word} added", self._got, old, new.child(status), place)
            else:
                was, now = (
                    spot_of(document, side.child(status))
                    for document, side in zip(self._documents, (old, new), strict=True)
                )
                self._media(self._got, was, now, place, is_success=is_success)
                headers = [
                    self._headers(document, side) for document, side in zip(self._documents, (was, now), strict=True)
                ]
                self._named(f"{place} ", self._got, *headers)

    def _headers(self, document: Document, response: Spot) -> dict[str, Spot]:
        named = response.child("headers")
        return {
            f"header {'-'.join(part.capitalize() for part in name.split('-'))}": spot_of(document, named.child(name))
            for name in named.node or {}
        }

    def _media(self, direction: Direction, was: Spot, now: Spot, place: str, *, is_success: bool) -> None:
        old, new = (_by_media_type(side) for side in (was, now))
        several = len({**old, **new}) > 1
        wider = _wider(new, old) if direction == "request" else {}
        narrower = _wider(old, new) if direction == "response" else {}
        for name in {**old, **new}:
            before, after = narrower.get(name, name), wider.get(name, name)
            if before in old and after in new:
                if before != after:
                    sides = {"old": Bare(before), "new": Bare(after)}
                    self._note("media type changed", direction, old[before], new[after], place, **sides)
                self._content(direction, old[before], new[after], f"{place} {name}" if several else place)
            elif name in new and name not in wider.values():
                event = "success media type added" if is_success else "media type added"
                self._note(event, direction, was, new[name], place, new=Bare(name))
            elif name in old and name not in narrower.values():
                self._note("media type removed", direction, old[name], now, place, old=Bare(name))

    def _content(self, direction: Direction, was: Spot, now: Spot, place: str) -> None:
        codings = [Spot(at=(), node={"encoding": side.node.get("encoding")}) for side in (was, now)]
        if not self._walk.schemas.are_alike(codings[0], codings[1]):
            self._note("coded otherwise", direction, was, now, place)
        self._enter(direction, was.child("schema"), now.child("schema"), place)


def _schema(spot: Spot) -> Spot:
    """The schema of a parameter or header: its own, or that of its media type."""
    content = spot.child("content")
    for name in content.node or {}:
        return content.child(name, "schema")
    return spot.child("schema")


def _written(node: dict[str, Any]) -> dict[str, Any]:
    """How a parameter or header is written, defaults filled in."""
    style = node.get("style") or _STYLES.get(str(node.get("in", "header")), "simple")
    flags = {flag: bool(node.get(flag)) for flag in _FLAGS}
    media_type = Bare(next(iter(node.get("content") or {}), "plain"))
    return {"style": style, "explode": bool(node.get("explode", style == "form")), **flags, "media type": media_type}


def _by_media_type(message: Spot) -> dict[str, Spot]:
    content = message.child("content")
    result: dict[str, Spot] = {}
    for name in content.node or {}:
        full = name.lower().replace(" ", "")
        short = re.sub(r";charset=[^;]*", "", full)
        result[full if short in result else short] = content.child(name)
    return result


def _wider(ranges: dict[str, Spot], names: dict[str, Spot]) -> dict[str, str]:
    """For each name that has no namesake among the ranges, the range that it is within."""
    found = {}
    for name in names:
        within = [one for one in (f"{name.partition('/')[0]}/*", "*/*") if one in ranges and one != name]
        if name not in ranges and within:
            found[name] = within[0]
    return found
