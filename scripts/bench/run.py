"""What issuant costs beside bare httpx, measured side by side in one run: `make bench`.

CPU time, not wall time, of the measured process alone; the servers run in another process. Each pair is measured in
turns and compared by its fastest round, as whatever else the machine does only ever adds. Bytecode is written once
beforehand, as an installation does. Exits 1 where a ratio is over its limit.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import startup
from calls import fireblocks_pair, fireworks_pair, galileo_pair, key_pair_seconds

ROUNDS = 15
CALLS = 60

_FORMAT = "{:<68} {:>9} {:>9} {:>7} {:>7} {}"


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, its cost and the peer's in seconds, and the limit of the ratio."""

    title: str
    ours: float
    peer: float
    limit: float | None

    @property
    def ratio(self) -> float:
        return self.ours / self.peer

    @property
    def holds(self) -> bool:
        return self.limit is None or self.ratio <= self.limit

    def __str__(self) -> str:
        limit = "stated" if self.limit is None else f"{self.limit:.2f}"
        verdict = "" if self.limit is None else ("ok" if self.holds else "OVER")
        return _FORMAT.format(
            self.title, f"{self.ours * 1000:.2f}", f"{self.peer * 1000:.2f}", f"{self.ratio:.2f}", limit, verdict
        )


def main() -> int:
    """Measure, print the table, and return 1 where a limit is not held."""
    with ExitStack() as stack:
        served = stack.enter_context(_mocks())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="issuant-bench-"))
        lines = [*startup_lines(Path(folder)), *call_lines(served, stack)]
    print(_FORMAT.format(f"CPU time in ms; fastest of {ROUNDS} rounds", "issuant", "peer", "ratio", "limit", ""))
    for line in lines:
        print(line)
    print(f"Making an RSA-4096 key pair and its CSR, once: {key_pair_seconds() * 1000:.0f} ms CPU (no peer).")
    return 0 if all(line.holds for line in lines) else 1


def startup_lines(cache: Path) -> list[Line]:
    """Measure whole interpreters, from start to end, less the start of a bare one."""
    costs = startup.measure(list(startup.CODE.values()), rounds=ROUNDS, cache=cache)
    bare = costs[startup.CODE["nothing"]]
    return [
        Line(title, costs[startup.CODE[ours]] - bare, costs[startup.CODE[peer]] - bare, limit)
        for title, ours, peer, limit in startup.PAIRS
    ]


def call_lines(served: dict[str, str], stack: ExitStack) -> list[Line]:
    """Measure one `issue` against the same request through bare httpx, over loopback."""
    pairs = (fireworks_pair(served, stack), galileo_pair(served, stack), fireblocks_pair(served, stack))
    return [Line(title, *fastest(ours, peer), 1.25) for title, ours, peer in pairs]


def fastest(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU seconds of one call of each, the fastest of the rounds, the two taken in turns."""
    rounds = [(_cpu(ours), _cpu(peer)) for _ in range(ROUNDS)]
    return min(cost for cost, _ in rounds), min(cost for _, cost in rounds)


def _cpu(call: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(CALLS):
        call()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / CALLS


@contextmanager
def _mocks() -> Iterator[dict[str, str]]:
    """Run the mocks in a process of their own, put their variables into this one, and give their base URLs."""
    command = [str(Path(sys.executable).parent / "issuant"), "mock", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            served = json.loads(process.stdout.readline() if process.stdout else "{}")
            for entry in served.values():
                os.environ.update(entry["env"])
            yield {name: entry["base_url"] for name, entry in served.items()}
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
