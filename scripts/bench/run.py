"""What issuant costs beside bare httpx, measured side by side in one run: `make bench`.

CPU time, not wall time, of the measured process alone; the servers run in another process. Each pair is measured in
turns and compared by its fastest round, as whatever else the machine does only ever adds. Bytecode is written once
beforehand, as an installation does. Throughput at a concurrency of one hundred is wall time, as that is what it is
about. Rotations are single ones, as they wait for the disk (`rotations.py`). Exits 1 where a ratio is over its limit.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import startup
from calls import key_pair_seconds, peer_auth
from crowd import CALLS as CROWD
from crowd import CONCURRENCY, measure
from public import public_pairs
from rotations import MOST_CPU, Rotation, overruns, rotations, thousand, told
from served import mocks_served

ROUNDS = 15
CALLS = 60
LEAST_THROUGHPUT = 0.9
MOST_GROWTH_KB = 2048

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
        stack.enter_context(mocks_served())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="issuant-bench-"))
        lines = startup_lines(Path(folder))
    with ExitStack() as stack:
        lines += call_lines(stack)
    turned = list(rotations())
    lines += rotation_lines(turned)
    print(_FORMAT.format(f"CPU time in ms; fastest of {ROUNDS} rounds", "issuant", "peer", "ratio", "limit", ""))
    for line in lines:
        print(line)
    print(f"Making an RSA-4096 key pair and its CSR, once: {key_pair_seconds() * 1000:.0f} ms CPU (no peer).")
    holds = [print_crowd(), print_rotations(turned), *(line.holds for line in lines)]
    return 0 if all(holds) else 1


def print_crowd() -> bool:
    """Measure and print the throughput of many calls at a time, and tell whether it is enough and memory flat."""
    ours, peer = measure()
    ratio = ours.rate / peer.rate
    holds = ratio >= LEAST_THROUGHPUT and ours.growth_kb <= MOST_GROWTH_KB
    print(
        f"{CROWD:,} issue calls, {CONCURRENCY} at a time: {ours.rate:.0f}/s, bare httpx.AsyncClient {peer.rate:.0f}/s, "
        f"ratio {ratio:.2f} (at least {LEAST_THROUGHPUT}); memory grew by {ours.growth_kb} KB in the second half "
        f"(at most {MOST_GROWTH_KB}) {'ok' if holds else 'OVER'}"
    )
    return holds


def rotation_lines(turned: Sequence[Rotation]) -> list[Line]:
    """Return the CPU of a rotation at each provider beside that of its calls through bare httpx."""
    return [
        Line(f"rotate, {one.title} / its {one.calls} calls by bare httpx", one.ours.cpu, one.peer.cpu, MOST_CPU)
        for one in turned
    ]


def print_rotations(turned: Sequence[Rotation]) -> bool:
    """Print what rotations take besides CPU, measure a thousand of them, and tell whether each limit is held."""
    print(*turned, sep="\n", flush=True)
    many = thousand()
    print(told(many))
    return not overruns(many) and all(one.holds for one in turned)


def startup_lines(cache: Path) -> list[Line]:
    """Measure whole interpreters, from start to end, less the start of a bare one."""
    costs = startup.measure(list(startup.CODE.values()), rounds=ROUNDS, cache=cache)
    bare = costs[startup.CODE["nothing"]]
    return [
        Line(title, costs[startup.CODE[ours]] - bare, costs[startup.CODE[peer]] - bare, limit)
        for title, ours, peer, limit in startup.PAIRS
    ]


def call_lines(stack: ExitStack) -> list[Line]:
    """Measure each public call against the same requests through bare httpx, over loopback."""
    return [
        Line(f"{title} / bare httpx", *fastest(ours, peer), limit)
        for title, ours, peer, limit in public_pairs(stack, peer_auth)
    ]


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


if __name__ == "__main__":
    sys.exit(main())
