"""Whether the tree is what the pipeline would write. Owns the comparison and its report; changes nothing."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import digest
from .lock import LOCK, differences, read_lock
from .pipeline import new_lock, produce
from .table import read_table
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


def compare(root: Path, *, out: Path | None = None) -> Report:
    """Regenerate below `out` and compare every byte.

    `out` is an empty or missing folder, which is kept; without it a temporary one is used.
    With a tool of another version nothing is regenerated: every difference would be that tool's.
    Raises SpecError when the tree cannot be regenerated at all.
    """
    wrong = mismatches(read_pins(root))
    if wrong:
        return Report(drift=tuple(wrong), files=0)
    if out is not None:
        return _compare(root, out)
    with tempfile.TemporaryDirectory(prefix="specs-") as work:
        return _compare(root, Path(work))


def _compare(root: Path, out: Path) -> Report:
    providers, pins, lock = read_table(root), read_pins(root), read_lock(root)
    drift = differences(root, providers, lock)
    produce(root, out, providers)
    (out / LOCK).write_text(new_lock(root, out, providers, lock, pins).text(), "utf-8")
    wanted = digest.output_files(out, providers) | {LOCK}
    held = digest.output_files(root, providers) | {LOCK}
    for name in sorted(wanted | held):
        if name not in held:
            drift.append(f"{name}: missing")
        elif name not in wanted:
            drift.append(f"{name}: extra; the pipeline does not write it")
        elif (root / name).read_bytes() != (out / name).read_bytes():
            drift.append(f"{name}: differs from what the pipeline writes")
    return Report(drift=tuple(drift), files=len(wanted))
