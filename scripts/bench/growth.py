"""How a build grows with its document. Owns the sizes, the unit, and the check that no step grows faster than linearly.

The unit is the written module: an operation, a class, an enum or an alias is one each, so that it grows with what is
to be done; operations differ by the components that they bring along, and bytes by the prose in them.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from children import SCRIPTS, run
from lines import Line

SIZES = (4, 8, 16, 32, 64, 128, 256)
MIDDLE = 128
ROUNDS = 2
STEP_ROUNDS = 3
LIMIT = 1.3
_BENCH = SCRIPTS / "bench"
_LEAST = 0.1
"""Seconds below which a step is too short to say how it grows: it is only stated."""
_FORMAT = "{:>10} {:>9} {:>9} {:>9} {:>10} {:>9}"
HEADING = _FORMAT.format("operations", "modules", "CPU s", "ms/op.", "ms/module", "peak MB")


@dataclass(frozen=True, kw_only=True)
class Size:
    """A build of a part of a document."""

    document: Path
    operations: int
    modules: int
    cpu: float
    peak_mb: float

    def __str__(self) -> str:
        each = (f"{self.cpu:.2f}", f"{self.cpu / self.operations * 1000:.1f}", f"{self.cpu / self.modules * 1000:.2f}")
        return _FORMAT.format(self.operations, self.modules, *each, f"{self.peak_mb:.0f}")


def sizes(document: Path, work: Path, *, numbers: tuple[int, ...] = SIZES) -> list[Size]:
    """Build documents of so many operations out of the one, and all of it, whatever its size."""
    folder = work / "subsets" / document.stem
    folder.mkdir(parents=True)
    command = [sys.executable, str(_BENCH / "subsets.py"), str(document), str(folder), *map(str, numbers)]
    found = run(command).checked().output.split()
    return [_size(folder / f"{number}.yaml", work) for number in found]


def _size(document: Path, work: Path) -> Size:
    out = work / "grown"
    rounds = [run([sys.executable, str(_BENCH / "stepped_build.py"), str(document), str(out)]) for _ in range(ROUNDS)]
    told = json.loads(rounds[0].checked().output)
    shutil.rmtree(out)
    return Size(
        document=document,
        operations=told["operations"],
        modules=told["modules"],
        cpu=min(done.checked().cpu for done in rounds),
        peak_mb=max(done.peak_mb for done in rounds),
    )


def lines(found: list[Size], work: Path) -> Iterator[Line]:
    """What the whole and each of its steps cost a module, beside the same of the document of a middle size."""
    large = found[-1]
    middle = next((size for size in found if size.operations == MIDDLE), found[0])
    title = f"{large.document.parent.name}, {large.operations} / {middle.operations} operations"
    each = large.cpu / large.modules, middle.cpu / middle.modules
    yield Line(f"ms a module of all of {title}", each[0] * 1000, each[1] * 1000, LIMIT)
    steps, middle_steps = _steps(large, work), _steps(middle, work)
    for step, seconds in steps.items():
        each = seconds / large.modules, middle_steps[step] / middle.modules
        limit = LIMIT if seconds >= _LEAST else None
        yield Line(f"ms a module of {step} of {title}", each[0] * 1000, each[1] * 1000, limit)


def _steps(size: Size, work: Path) -> dict[str, float]:
    """The seconds of each step, the fastest of the rounds, garbage left lying."""
    command = [sys.executable, str(_BENCH / "stepped_build.py"), str(size.document), str(work / "grown"), "still"]
    told = [json.loads(run(command).checked().output)["seconds"] for _ in range(STEP_ROUNDS)]
    return {step: min(one[step] for one in told) for step in told[0]}
