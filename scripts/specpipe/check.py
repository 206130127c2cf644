"""Whether the tree is what the pipeline would write, and holds nothing beside it that nobody asked for.

Owns the comparison and its report; changes nothing.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from . import digest
from .lock import LOCK, differences, false_entries, read_lock
from .pipeline import new_lock, produce
from .table import TABLE, Provider, read_table
from .tools import mismatches, read_pins


@dataclass(frozen=True, kw_only=True)
class Report:
    """What drifted, a sentence each that begins with the thing's name, and how many files were compared."""

    drift: tuple[str, ...]
    files: int

    @property
    def clean(self) -> bool:
        """Whether nothing drifted."""
        return not self.drift

    def lines(self) -> tuple[str, ...]:
        """The report as lines to print."""
        return self.drift or (f"{self.files} files equal what the pipeline writes",)


def compare(root: Path, *, out: Path | None = None, today: date | None = None) -> Report:
    """Regenerate below `out` and compare every byte.

    `out` is an empty or missing folder, which is kept; without it a temporary one is used.
    `today` is the latest day that a page can have been vendored on; without it, the day it is in UTC.
    With a tool of another version nothing is regenerated: every difference would be that tool's.
    Raises SpecError when the tree cannot be regenerated at all.
    """
    wrong = mismatches(read_pins(root))
    if wrong:
        return Report(drift=tuple(wrong), files=0)
    today = today or datetime.now(UTC).date()
    if out is not None:
        return _compare(root, out, today)
    with tempfile.TemporaryDirectory(prefix="specs-") as work:
        return _compare(root, Path(work), today)


def _compare(root: Path, out: Path, today: date) -> Report:
    providers, pins, lock = read_table(root), read_pins(root), read_lock(root)
    drift = [
        *differences(root, providers, lock),
        *false_entries(root, providers, lock, today=today),
        *_strays(root, providers),
    ]
    produce(root, out, providers)
    (out / LOCK).write_text(new_lock(root, out, providers, lock, pins).text(), "utf-8")
    wanted = digest.output_files(out, providers) | {LOCK}
    held = digest.output_files(root, providers) | {LOCK}
    for name in sorted(wanted | held):
        if name not in held:
            drift.append(f"{name}: missing")
        elif (link := digest.link(root, name)) is not None:
            drift.append(f"{name}: {link} is a symbolic link; the pipeline writes none")
        elif name not in wanted:
            drift.append(f"{name}: extra; the pipeline does not write it")
        elif (root / name).read_bytes() != (out / name).read_bytes():
            drift.append(f"{name}: differs from what the pipeline writes")
    return Report(drift=tuple(drift), files=len(wanted))


def _strays(root: Path, providers: Iterable[Provider]) -> list[str]:
    """A sentence for each file among the pages and the overlays that no row of the table asks for."""
    known = {TABLE, LOCK}
    for provider in providers:
        known |= {provider.overlay, provider.published}
        known |= {provider.path(source) for source in (*provider.pages, *provider.evidence)}
    found = {
        path.relative_to(root).as_posix()
        for folder in ("specs", "overlay/specs")
        for path in (root / folder).rglob("*")
        if path.is_file() or path.is_symlink()
    }
    return [f"{name}: extra; {TABLE} does not name it" for name in sorted(found - known)]
