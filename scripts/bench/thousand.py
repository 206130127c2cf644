"""Many rotations of one key, one after the other, in a process of its own: `thousand.py PROVIDER FOLDER NUMBER`. The
environment says where the provider is. Prints as JSON how fast they were, and what grew in their second half.

Facts
- Memory is what is resident at that moment, after garbage was collected: the peak is the parent's to begin with.
- SQLite keeps up to 2 MB of the journal's pages, so that much of the growth is no leak.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from turning import Turned


@dataclass(frozen=True, kw_only=True)
class Many:
    """What many rotations came to.

    Attributes:
        rate: rotations a second, on the clock.
        first_ms: CPU of the fastest of the first half, in milliseconds.
        second_ms: of the fastest of the second half.
        growth_kb: by how much the process grew in the second half.
        journal_bytes: by how much each of the second half let the journal grow.
        log_bytes: how large its log is at the end.
    """

    rate: float
    first_ms: float
    second_ms: float
    growth_kb: float
    journal_bytes: float
    log_bytes: int


def turn_many(turned: Turned, number: int) -> Many:
    """Rotate a key so often; `number` is even."""
    half = number // 2
    turned.turn()  # imports what it needs
    start = time.perf_counter()
    first = min(_turn(turned) for _ in range(half))
    resident, journal = _resident_kb(), turned.bytes_of()
    second = min(_turn(turned) for _ in range(half))
    return Many(
        rate=number / (time.perf_counter() - start),
        first_ms=first * 1000,
        second_ms=second * 1000,
        growth_kb=_resident_kb() - resident,
        journal_bytes=(turned.bytes_of() - journal) / half,
        log_bytes=turned.bytes_of("-wal"),
    )


def _turn(turned: Turned) -> float:
    before = time.process_time()
    turned.turn()
    return time.process_time() - before


def _resident_kb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


def main(provider: str, folder: str, number: str) -> int:
    """Rotate a key so often, and print what it came to."""
    with Turned(provider, Path(folder)) as turned:
        print(json.dumps(asdict(turn_many(turned, int(number)))))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
