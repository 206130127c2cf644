"""A bump as tests run it: in process, with a command of their own in the place of the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from specpipe.bump.steps import Wish, bump
from specpipe.diff.report import Report

PASS = (sys.executable, "-c", "")
DAY = date(2030, 1, 2)


@dataclass
class Told:
    """What a bump said, and the reports that it gave."""

    lines: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def report(self) -> Report:
        """The one report."""
        (report,) = self.reports
        return report


def run(root: Path, provider: str, *sources: Path | str, told: Told, **wish: Any) -> bool:
    """Bump, and collect what is told."""
    wanted = Wish(provider=provider, sources=tuple(map(str, sources)), **{"tests": PASS, **wish})
    return bump(root, wanted, today=DAY, say=told.lines.append, tell=told.reports.append)


def states(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below the folder: mode, time of change and bytes; the index of git, which git renews, is left out."""
    return {
        path.relative_to(root).as_posix(): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns if path.is_file() else 0,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(root.rglob("*"))
        if path.name != "index"
    }


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Fails unless the block leaves the tree exactly as it was."""
    before = states(root)
    yield
    assert states(root) == before
