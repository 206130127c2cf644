"""How a build grows with its document. Owns the sizes, the unit, and the check that no step grows faster than linearly.

The unit is the written module: an operation, a class, an enum or an alias is one each, so that it grows with what is
to be done; operations differ by the components that they bring along, and bytes by the prose in them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from children import SCRIPTS, Run, run
from lines import Line

SIZES = (4, 8, 16, 32, 64, 128, 256)
MIDDLE = 128
ROUNDS = 3
LIMIT = 1.3
_BENCH = SCRIPTS / "bench"
_LEAST = 0.05
"""Seconds below which a step is too short to say how it grows."""
_FORMAT = "{:>10} {:>9} {:>9} {:>9} {:>14} {:>9}"


@dataclass(frozen=True, kw_only=True)
class Size:
    """A build of one size: the fastest of its rounds, and the fastest of each step."""

    operations: int
    modules: int
    cpu: float
    peak_mb: float
    steps: dict[str, float]

    def __str__(self) -> str:
        each = (f"{self.cpu:.2f}", f"{self.cpu / self.operations * 1000:.1f}", f"{self.cpu / self.modules * 1000:.2f}")
        return _FORMAT.format(self.operations, self.modules, *each, f"{self.peak_mb:.0f}")


HEADING = _FORMAT.format("operations", "modules", "CPU s", "ms/op.", "ms/module", "peak MB")


def measure(document: Path, work: Path) -> list[Size]:
    """Build documents of growing size out of the one; the last is the whole of it, whatever its size."""
    folder = work / "subsets"
    folder.mkdir()
    command = [sys.executable, str(_BENCH / "subsets.py"), str(document), str(folder), *map(str, SIZES)]
    numbers = [int(number) for number in run(command).checked().output.split()]
    ends = {MIDDLE, numbers[-1]}
    return [_size(folder / f"{number}.yaml", work / "grown", ROUNDS if number in ends else 1) for number in numbers]


def _size(document: Path, out: Path, rounds: int) -> Size:
    command = [sys.executable, str(_BENCH / "stepped_build.py"), str(document), str(out)]
    runs: list[Run] = [run(command).checked() for _ in range(rounds)]
    told = [json.loads(done.output) for done in runs]
    return Size(
        operations=told[0]["operations"],
        modules=told[0]["modules"],
        cpu=min(done.cpu for done in runs),
        peak_mb=max(done.peak_mb for done in runs),
        steps={step: min(one["seconds"][step] for one in told) for step in told[0]["seconds"]},
    )


def lines(sizes: list[Size]) -> list[Line]:
    """Each step's cost a module for the whole document, beside that for the middle one."""
    whole = sizes[-1]
    middle = next((size for size in sizes if size.operations == MIDDLE), sizes[0])
    return [
        Line(
            f"ms a module of {step}, {whole.operations} operations / {middle.operations}",
            seconds / whole.modules * 1000,
            middle.steps[step] / middle.modules * 1000,
            LIMIT if seconds >= _LEAST else None,
        )
        for step, seconds in whole.steps.items()
    ]
