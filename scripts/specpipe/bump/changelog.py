"""The entry of a bump in CHANGELOG.md. Owns where it goes and what it says; refuses a file without a place for it.

Facts
- The format is Keep a Changelog: `## [Unreleased]` on top, below it sections in a fixed order.
"""

import re
from pathlib import Path

from ..diff import rendering
from ..diff.report import Report
from ..faults import SpecError
from ..yamlio import decode

CHANGELOG = "CHANGELOG.md"
_UNRELEASED = "## [Unreleased]"
_ORDER = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_SECTION = "Changed"


class ChangelogError(SpecError):
    """The changelog has no place for an entry."""


def check(root: Path) -> None:
    """Raises ChangelogError where the changelog at `root` has no place for an entry."""
    add(_read(root), "")


def enter(root: Path, report: Report, package: str) -> None:
    """Write the entry of the bump into the changelog at `root`, unless it changes nothing. Raises ChangelogError."""
    if report.is_empty and report.old.version == report.new.version:
        return
    (root / CHANGELOG).write_bytes(add(_read(root), entry(report, package)).encode())


def _read(root: Path) -> str:
    path = root / CHANGELOG
    if not path.is_file():
        raise ChangelogError(f"{CHANGELOG}: there is no such file to write an entry into")
    return decode(path.read_bytes(), file=CHANGELOG)


def add(text: str, entry: str) -> str:
    """The changelog with the entry at the end of what changed and is not released yet. Raises ChangelogError."""
    lines = text.splitlines()
    if _UNRELEASED not in lines:
        raise ChangelogError(f"{CHANGELOG}: there is no heading {_UNRELEASED!r} to put the entry below")
    start = lines.index(_UNRELEASED) + 1
    end = next((index for index in range(start, len(lines)) if lines[index].startswith("## ")), len(lines))
    sections = {
        match[1]: index
        for index in range(start, end)
        if (match := re.fullmatch(r"### (\w+)", lines[index].strip())) is not None
    }
    later = [sections[name] for name in _ORDER[_ORDER.index(_SECTION) + 1 :] if name in sections]
    if _SECTION in sections:
        after = [index for index in sections.values() if index > sections[_SECTION]]
        place, new = min(after, default=end), [*entry.splitlines(), ""]
    else:
        place, new = min(later, default=end), [f"### {_SECTION}", "", *entry.splitlines(), ""]
    while place > start and not lines[place - 1].strip():
        place -= 1
    is_joined = _SECTION in sections and lines[place - 1].strip() != f"### {_SECTION}"
    lines[place:place] = (new if is_joined else ["", *new])[:-1]
    ending = "\r\n" if "\r\n" in text else "\n"
    return ending.join(lines) + ending


def entry(report: Report, package: str) -> str:
    """What a bump changes for those who use the clients: the version, and each change that can break a caller."""
    new, old = (side.version or "(none)" for side in (report.new, report.old))
    head = f"`{package}` is generated from version {new} of the vendor's document"
    head += f" (was {old})." if old != new else ", which changed."
    said = [rendering.sentence(change) for change in report.breaking]
    said += [breakage.what for breakage in report.python or ()]
    if not said:
        return f"- {rendering.inert(f'{head} Nothing that changed breaks a caller.')}"
    return "\n".join(
        (f"- {rendering.inert(f'{head} What can break a caller:')}", *(f"  - {rendering.inert(one)}" for one in said))
    )
