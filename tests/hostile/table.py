"""The fault matrix as a table at the end of a run. Owns putting together what the tests of several processes report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.hostile.errands import errands
from tests.hostile.judging import LEGEND
from tests.hostile.oracle import LASTING
from tests.hostile.wrongs import WRONGS

PROPERTY = "fault matrix"
"""The name under which a test reports its cells, each as row, column, how often the fault is met, and its letter."""

Told = tuple[str, str, int, str]


def told(reports: Iterable[Any]) -> list[Told]:
    """Return the cells that the reports of tests tell of."""
    return [
        (str(row), str(column), int(times), str(letter))
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY and getattr(report, "when", None) == "call"
        for row, column, times, letter in value
    ]


def lines(found: list[Told]) -> Iterator[str]:
    """Yield the table of some cells, and its size; nothing for none."""
    if not found:
        return
    held: dict[tuple[str, str], dict[int, set[str]]] = {}
    for row, column, times, letter in found:
        held.setdefault((row, column), {}).setdefault(min(times, LASTING), set()).add(letter)
    order = {errand.name: number for number, errand in enumerate(errands())}
    rows = sorted({row for row, _ in held}, key=lambda row: (order[row.split()[0]], row))
    width = max(map(len, rows))
    yield f"{'':{width}} " + "".join(f"{wrong.short:>4}" for wrong in WRONGS)
    for row in rows:
        yield f"{row:{width}} " + "".join(f"{_shown(held.get((row, wrong.short), {})):>4}" for wrong in WRONGS)
    yield from LEGEND
    yield (
        f"fault matrix: {len(rows)} requests of {len({row.split()[0] for row in rows})} operations"
        f" × {len(WRONGS)} faults, once and for good, in both flavours = {len(found):,} cells"
    )


def _shown(letters: dict[int, set[str]]) -> str:
    """Return what came of a fault: where it lasts, and whether it is survived where it does not."""
    if any(len(each) > 1 for each in letters.values()):
        return "##"  # the flavours differ
    once, lasting = (next(iter(letters.get(times, ())), "") for times in (1, LASTING))
    return f"{lasting}*" if (once, bool(lasting)) == ("·", True) and lasting != "·" else f"{lasting or once} "
