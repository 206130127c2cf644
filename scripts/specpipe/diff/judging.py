"""What a change is called, and whom it breaks. Owns the table of rules, a row for each kind of event, with one reason
for requests and one for responses; refuses nothing.

The principle: a request may be taken more gladly, a response may promise more; the reverse breaks. What a keyword of a
schema lets through is told by `bounds`.

Facts
- No client checks length, pattern or range of what it reads, so a vendor who promises less there breaks nobody. Types,
  formats, values, and whether a list may be empty decide what a client makes of a reply.
- A server may ignore or refuse a field that it does not know any more; a key that was meant to expire would not.
- A typed client knows the success replies that it was generated for, and returns or raises by them.
- Formats of numbers, and such as `uri`, make no other type of a reply.
- A default is sent by nobody who leaves the field out, and decides what the server then does.
- Clients talk to the first server unless they are told of another.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .bounds import Reach

Kind = Literal["added", "removed", "changed", "renamed"]
Direction = Literal["request", "response", ""]


class Bare(str):
    """A text that is shown without quotes."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that differs: a row of the table, and what it is about."""

    event: str
    direction: Direction
    schema: str = ""
    keyword: str = ""
    old: Any = None
    new: Any = None
    reach: Reach | None = None
    """Where a keyword of a schema has another value: what it lets through."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What is said of a finding. `why` is empty where nobody breaks."""

    kind: Kind
    what: str
    why: str


@dataclass(frozen=True)
class _Row:
    kind: Kind
    what: str
    request: str = ""
    response: str = ""
    itself: str = ""


_LONG = 80
_MISSING = "callers that leave it out are refused"
_SENT = "the server ignores or refuses what callers send in it"
_READ = "callers that read it find nothing"
_REFUSED = "values that were taken are refused"
_UNKNOWN = "callers get values that they did not get before"
_RETYPED = "typed clients read it as another type"
_REPLY = "callers get a success that they do not know how to read"

_TABLE: dict[str, _Row] = {
    # Fields
    "field added": _Row("added", "added (optional)"),
    "required field added": _Row("added", "added (required)", request=_MISSING),
    "field removed": _Row("removed", "removed", request=_SENT, response=_READ),
    "field renamed": _Row("renamed", "looks renamed to `{new}`: same schema", request=_SENT, response=_READ),
    "required": _Row("changed", "is required now", request=_MISSING),
    "optional": _Row("changed", "is optional now", response="callers that read it may find nothing"),
    "hidden": _Row("changed", "is {keyword} now", request=_SENT, response=_READ),
    "null allowed": _Row("changed", "may be null now", response="callers that read it may find null"),
    "null refused": _Row("changed", "is never null now", request="callers that send null are refused"),
    "closed": _Row("changed", "holds no other fields now", request="callers that send other fields are refused"),
    "map closed": _Row("removed", "holds no other fields now", request=_SENT, response=_READ),
    "opened": _Row("changed", "may hold other fields now"),
    "deprecated": _Row("changed", "is deprecated now"),
    "restored": _Row("changed", "is not deprecated any more"),
    "default set": _Row("changed", "default is {new} now"),
    "default changed": _Row("changed", "default {old} is now {new}", request="who leaves it out gets another value"),
    "default dropped": _Row(
        "changed", "no longer has the default {old}", request="who leaves it out gets another value"
    ),
    "unused default changed": _Row("changed", "default {old} is now {new}"),
    "unused default dropped": _Row("changed", "no longer has the default {old}"),
    # Schemas
    "value added": _Row("added", "has the new value {new}", response=_UNKNOWN),
    "value removed": _Row("removed", "no longer has the value {old}", request=_REFUSED),
    "alternative added": _Row("added", "has the new alternative {new}", response=_UNKNOWN),
    "alternative removed": _Row("removed", "no longer has the alternative {old}", request=_REFUSED),
    "described": _Row("changed", "was anything and is described now", request=_REFUSED),
    "undescribed": _Row("changed", "may be anything now", response=_UNKNOWN),
    "discriminator": _Row("changed", "discriminator {old} is now {new}", request=_REFUSED, response=_UNKNOWN),
    "tag added": _Row("added", "discriminator has the new value {new}", response=_UNKNOWN),
    "tag removed": _Row("removed", "discriminator no longer has the value {old}", request=_REFUSED),
    "tag moved": _Row(
        "changed",
        "discriminator value '{keyword}' stands for {new} now, not for {old}",
        request=_REFUSED,
        response=_UNKNOWN,
    ),
    "rule set": _Row("changed", "has a rule `{keyword}` now", request=_REFUSED),
    "rule changed": _Row("changed", "the rule `{keyword}` is another", request=_REFUSED, response=_UNKNOWN),
    "rule dropped": _Row("changed", "has no rule `{keyword}` any more", response=_UNKNOWN),
    "values set": _Row("changed", "is one of {new} now", request=_REFUSED),
    "values dropped": _Row("changed", "is not limited to {old} any more", response=_UNKNOWN),
    "keyword set": _Row("changed", "{keyword} is {new} now", request=_REFUSED, response=_UNKNOWN),
    "keyword changed": _Row("changed", "{keyword} {old} is now {new}", request=_REFUSED, response=_UNKNOWN),
    "keyword dropped": _Row("changed", "no longer has the {keyword} {old}", request=_REFUSED, response=_UNKNOWN),
    # Operations
    "operation added": _Row("added", "added"),
    "operation removed": _Row("removed", "removed", itself="callers find nothing there"),
    "name changed": _Row("changed", "operationId {old} is now {new}"),
    "written otherwise": _Row("changed", "{keyword} {old} is now {new}", request="the server reads it otherwise"),
    "written more freely": _Row("changed", "{keyword} {old} is now {new}"),
    "coded otherwise": _Row("changed", "its parts are coded otherwise", request="the server reads it otherwise"),
    "media type added": _Row("added", "may be {new} now"),
    "success media type added": _Row("added", "may be {new} now", response=_REPLY),
    "media type removed": _Row(
        "removed", "is no longer {old}", request="callers that send it are refused", response="callers cannot get it"
    ),
    "media type changed": _Row("changed", "media type {old} is now {new}"),
    "status added": _Row("added", "added"),
    "success added": _Row("added", "added", response=_REPLY),
    "status removed": _Row("removed", "removed"),
    "success removed": _Row("removed", "removed", response="callers wait for a success that does not come"),
    # The document
    "server added": _Row("added", "server {new} added"),
    "server removed": _Row("removed", "server {old} removed", itself="callers that talk to it find nothing"),
    "server first": _Row(
        "changed", "first server {old} is now {new}", itself="clients that use the first server talk to another one"
    ),
    "server value added": _Row("added", "server variable `{keyword}` has the new value {new}"),
    "server value removed": _Row(
        "removed",
        "server variable `{keyword}` no longer has the value {old}",
        itself="callers that use it find nothing",
    ),
    "server values set": _Row(
        "changed", "server variable `{keyword}` is one of {new} now", itself="callers that use another find nothing"
    ),
    "server values dropped": _Row("changed", "server variable `{keyword}` is not limited to {old} any more"),
    "security added": _Row("added", "takes {new} now"),
    "security removed": _Row("removed", "no longer takes {old}", itself="callers that sign in this way are refused"),
    "security required": _Row("changed", "asks for {new} now", itself="callers that do not sign in are refused"),
    "flow added": _Row("added", "{keyword} has the new flow {new}"),
    "scheme changed": _Row(
        "changed", "{keyword} is another: {old} is now {new}", itself="callers that sign in are refused"
    ),
}

_UNCHECKED = (
    *("exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maxProperties", "maximum"),
    *("minLength", "minProperties", "minimum", "multipleOf", "pattern", "uniqueItems"),
)

_TYPED_FORMATS = ("binary", "date", "date-time", "uuid")
"""Formats that make another type of a text."""


def _retypes(old: Any, new: Any) -> str:
    return _RETYPED if len({one if one in _TYPED_FORMATS else None for one in (old, new)}) > 1 else ""


def _may_be_empty(old: Any, new: Any) -> str:
    return _UNKNOWN if old and not new else ""


_OF_REPLIES: dict[str, Callable[[Any, Any], str]] = {
    "format": _retypes,
    "minItems": _may_be_empty,
    **dict.fromkeys(_UNCHECKED, lambda old, new: ""),
}
"""Keywords that say something else of a reply than what may come."""


def judge(finding: Finding) -> Judgement:
    """What is said of a finding."""
    row = _TABLE[finding.event]
    why = row.itself or {"request": row.request, "response": row.response, "": ""}[finding.direction]
    if finding.reach is not None:
        is_reply = finding.direction == "response"
        if is_reply and finding.keyword in _OF_REPLIES:
            why = _OF_REPLIES[finding.keyword](finding.old, finding.new)
        elif not (finding.reach.gains if is_reply else finding.reach.loses):
            why = ""
    keyword = _shown(Bare(finding.keyword))
    what = row.what.format(keyword=keyword, old=_shown(finding.old), new=_shown(finding.new))
    return Judgement(kind=row.kind, what=what, why=why)


def _shown(value: Any) -> str:
    """The value on one line, short; a list of values without its brackets."""
    if isinstance(value, list) and value:
        text = ", ".join(map(_shown, value))
    elif isinstance(value, Bare):
        text = str(value)
    else:
        text = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
