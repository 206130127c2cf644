"""How a report reads: as text for a terminal, and as Markdown for a pull request. Owns the wording around the findings
and what becomes of the vendor's own words in them; refuses nothing.

Facts
- A document may name its fields in any characters: those that a terminal obeys are written as escapes, and Markdown is
  kept from taking them for markup, links or mentions.
- GitHub looks for mentions and addresses in the finished text, so a backslash before the sign does not help.
- Markdown pairs backticks by the length of their runs; here there are single ones alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..printing import printable
from .report import Report
from .wire import Use, WireChange

_SHARED = 4
"""A change in so many operations is told once, not below each of them."""

_NAMED = 3
_LISTED = 20
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_POINTER = re.compile(r"(?<!\S)#/[^\s`]+")
_LINKED = re.compile(r"@|:(?=//)|www(?=\.)")
_ZERO_WIDTH_SPACE = chr(0x200B)


class Item(NamedTuple):
    """One finding; `more` says what belongs to it."""

    text: str
    breaks: bool = False
    more: tuple[str, ...] = ()


class Group(NamedTuple):
    """Findings about one thing."""

    title: str
    items: tuple[Item, ...]


class Section(NamedTuple):
    """Findings of one level."""

    title: str
    groups: tuple[Group, ...]


def text(report: Report) -> str:
    """The report for a terminal; `!` stands before what breaks."""
    lines = [_title(report), *report.remarks, _verdict(report)]
    for section in _sections(report):
        lines += ["", section.title]
        for group in section.groups:
            lines += [f"  {group.title}"] if group.title else []
            indent = "    " if group.title else "  "
            for item in group.items:
                lines.append(f"{indent}{'! ' if item.breaks else '  '}{item.text}")
                lines += [f"{indent}    {line}" for line in item.more]
    return "\n".join(map(printable, lines)) + "\n"


def markdown(report: Report) -> str:
    """The report for a pull request."""
    lines = [f"## {inert(_title(report))}", ""]
    for remark in report.remarks:
        lines += [f"> {inert(remark)}", ""]
    lines += [f"**{inert(_verdict(report))}**"]
    for section in _sections(report):
        lines += ["", f"### {inert(section.title)}"]
        for group in section.groups:
            lines += ["", f"#### {inert(group.title)}"] if group.title else []
            lines.append("")
            for item in group.items:
                lines.append(f"- {'**breaks** · ' if item.breaks else ''}{inert(item.text)}")
                lines += [f"  - {inert(line)}" for line in item.more]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(report.as_json(), indent=1, default=str) + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {"text": text, "json": as_json, "markdown": markdown}
"""The ways to write a report, by the name that the command knows them by."""


def inert(line: str) -> str:
    """The line with nothing in it that Markdown takes for more than text and code."""
    parts = _POINTER.sub(r"`\g<0>`", printable(line)).split("`")
    if len(parts) % 2 == 0 or "" in parts[1:-1]:
        # One backtick too many, or two in a row: nobody can tell what Markdown makes of them.
        return _plain("`".join(parts))
    # Between two backticks everything is code, in which nothing is markup.
    return "`".join(part if index % 2 else _plain(part) for index, part in enumerate(parts))


def sentence(change: WireChange) -> str:
    """One change by itself: where it is, and what it is."""
    if _is_shared(change):
        item = _shared_item(change)
        return f"{item.text} ({item.more[0]})"
    return "; ".join(f"{use.operation or 'the whole document'}, {_item(use, change).text}" for use in change.uses)


def _title(report: Report) -> str:
    def said(version: str) -> str:
        return version or "no version"

    return f"{report.name or report.new.title}: {said(report.old.version)} → {said(report.new.version)}"


def _verdict(report: Report) -> str:
    if report.is_empty:
        is_newer = report.old.version != report.new.version
        return "Nothing changed but the version." if is_newer else "Nothing changed."
    count = len(report.breaking)
    parts = [f"{_counted(count, 'change')} on the wire"] if count else []
    parts += [f"{_counted(len(report.python), 'change')} in Python"] if report.python else []
    said = [f"{' and '.join(parts)} can break a caller."] if parts else []
    said += ["Wanted operations are missing."] if report.gone else []
    fit = "no longer fits" if len(report.overlay or ()) == 1 else "no longer fit"
    said += [f"{_counted(len(report.overlay), 'overlay action')} {fit}."] if report.overlay else []
    said += ["Not everything could be compared."] if report.not_compared else []
    return " ".join(said) or "Nothing that changed breaks a caller."


def _sections(report: Report) -> Iterator[Section]:
    if report.not_compared:
        yield Section("Not compared", (Group("", tuple(Item(what, breaks=True) for what in report.not_compared)),))
    if report.gone:
        gone = tuple(Item(f"`{name}`", breaks=True) for name in report.gone)
        yield Section("Wanted operations that the new document does not hold", (Group("", gone),))
    groups = tuple(_wire_groups(report))
    if groups:
        yield Section("On the wire", groups)
    if report.unused:
        yield Section("New operations that are not used", (Group("", _listed(report.unused)),))
    if report.python:
        items = tuple(Item(breakage.what, breaks=True) for breakage in report.python)
        yield Section("In Python", (Group("", items),))
    if report.overlay:
        stale = tuple(
            Item(
                f"action {action.index} (`{action.target}`): {action.problem}",
                breaks=True,
                more=_causes(action.causes),
            )
            for action in report.overlay
        )
        yield Section("Overlay actions that no longer fit", (Group("", stale),))
    if report.facade:
        calls = tuple(Item(f"`{call.name}`: {call.what}", breaks=call.breaks) for call in report.facade)
        yield Section("Calls of the facade that are affected", (Group("", calls),))


def _causes(causes: Sequence[str]) -> tuple[str, ...]:
    more = (f"and {len(causes) - _NAMED} more",) if len(causes) > _NAMED else ()
    return (*(f"because {cause}" for cause in causes[:_NAMED]), *more)


def _wire_groups(report: Report) -> Iterator[Group]:
    for operation, changes in _by_operation(report.wire).items():
        yield Group(f"`{operation}`" if operation else "The whole document", _items(changes))
    shared = tuple(_shared_item(change) for change in report.wire if _is_shared(change))
    if shared:
        yield Group("In several operations", shared)
    if report.wording:
        yield Group("", (Item(f"{_counted(report.wording, 'edit')} of descriptions, examples and the like"),))


def _by_operation(changes: Iterable[WireChange]) -> dict[str, list[tuple[Use, WireChange]]]:
    found: dict[str, list[tuple[Use, WireChange]]] = {}
    for change in changes:
        for use in change.uses if not _is_shared(change) else ():
            found.setdefault(use.operation, []).append((use, change))
    return found


def _is_shared(change: WireChange) -> bool:
    return len({use.operation for use in change.uses}) >= _SHARED


def _item(use: Use, change: WireChange) -> Item:
    subject = " ".join(part for part in (use.place, f"`{use.field}`" if use.field else "") if part)
    return Item(f"{subject}: {_what(change)}" if subject else _what(change), breaks=change.breaks)


def _items(changes: Iterable[tuple[Use, WireChange]]) -> tuple[Item, ...]:
    # Of two alternatives both may have the same change in the same place.
    return tuple(dict.fromkeys(_item(use, change) for use, change in changes))


def _listed(names: Sequence[str]) -> tuple[Item, ...]:
    more = (Item(f"and {len(names) - _LISTED} more"),) if len(names) > _LISTED else ()
    return (*(Item(f"`{name}`") for name in names[:_LISTED]), *more)


def _shared_item(change: WireChange) -> Item:
    first = change.uses[0]
    names = list(dict.fromkeys(use.operation for use in change.uses))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    subject = f"`{change.schema}` ({first.field})" if change.schema and first.field else change.schema or first.field
    return Item(
        f"{change.direction} {subject}: {_what(change)}",
        breaks=change.breaks,
        more=(f"in {_counted(len(names), 'operation')}: {', '.join(names[:_NAMED])}{more}",),
    )


def _what(change: WireChange) -> str:
    return f"{change.what}; {change.why}" if change.breaks and change.why else change.what


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _plain(part: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", part).replace("&", "&amp;")
    return _LINKED.sub(lambda match: f"{match[0]}{_ZERO_WIDTH_SPACE}", escaped)
