"""What a rotation costs beside its own calls made by bare httpx, and what a thousand of them come to. Owns the limits.

CPU and time on the clock are those of the fastest rotation of many, taken in turns with the peer. The clock goes with
the disk that has the folder for temporary files.

Facts
- A rotation that waits for a busy disk takes up to twice the CPU: the caches are cold when it goes on.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from children import run
from served import mocks_served
from syncs import syncs_of, why_uncounted
from thousand import Many
from turning import Replayed, Turned, sent_by_a_rotation

PROVIDERS = {"fireworks": "Fireworks AI", "galileo": "Galileo"}
"""Those that revoke: the one makes the value itself, the other is given it."""
ROUNDS = 40
MANY = 1000
MOST_CPU = 5.0
MOST_SYNCS = 17
MOST_GROWTH_KB = 2048
MOST_SLOWER = 1.5
MOST_JOURNAL_BYTES = 2500
_FEW = (2, 6)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of one rotation, or of its calls alone."""

    cpu: float
    wall: float


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """A rotation at a provider into one file, beside its calls by bare httpx.

    `syncs` is None where they could not be counted, for the reason `uncounted`.
    """

    title: str
    calls: int
    ours: Cost
    peer: Cost
    syncs: float | None
    uncounted: str | None

    @property
    def holds(self) -> bool:
        """Whether it has no more syncs than it may."""
        return self.syncs is None or self.syncs <= MOST_SYNCS

    def __str__(self) -> str:
        counted = f"not counted: {self.uncounted}"
        if self.syncs is not None:
            verdict = "ok" if self.holds else "OVER"
            counted = f"{self.syncs:g}, counted by strace (at most {MOST_SYNCS}) {verdict}"
        return (
            f"A rotation, {self.title}, into one file: {self.ours.wall * 1000:.1f} ms on the clock, its {self.calls} "
            f"calls by bare httpx {self.peer.wall * 1000:.1f} ms; syncs: {counted}"
        )


def rotations() -> Iterator[Rotation]:
    """Measure a rotation at each provider."""
    sent = {provider: sent_by_a_rotation(provider) for provider in PROVIDERS}
    uncounted = why_uncounted()
    with mocks_served() as urls, tempfile.TemporaryDirectory(prefix="issuant-bench-") as name:
        for provider, title in PROVIDERS.items():
            origin = httpx.URL(urls[provider]).copy_with(path="/")
            with (
                Turned(provider, Path(name) / provider) as turned,
                httpx.Client(base_url=origin, timeout=30) as client,
            ):
                replayed = Replayed(client, sent[provider])
                ours, peer = _fastest(turned.turn, replayed.turn)
            yield Rotation(
                title=title,
                calls=len(sent[provider]),
                ours=ours,
                peer=peer,
                syncs=None if uncounted else _syncs(provider, Path(name)),
                uncounted=uncounted,
            )


def _fastest(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[Cost, Cost]:
    first, second = zip(*((_cost(ours), _cost(peer)) for _ in range(ROUNDS)), strict=True)
    return _least(first), _least(second)


def _cost(turn: Callable[[], object]) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    turn()
    return Cost(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall)


def _least(costs: tuple[Cost, ...]) -> Cost:
    return Cost(cpu=min(cost.cpu for cost in costs), wall=min(cost.wall for cost in costs))


def _syncs(provider: str, folder: Path) -> float:
    """Return the syncs of one rotation: what some more of them add to a run of few."""
    few, more = (syncs_of(_command(provider, folder / f"{provider}-{number}", number)) for number in _FEW)
    return (more - few) / (_FEW[1] - _FEW[0])


def _command(provider: str, folder: Path, number: int) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("thousand.py")), provider, str(folder), str(number)]


def thousand() -> Many:
    """Rotate one key so often."""
    with mocks_served(), tempfile.TemporaryDirectory(prefix="issuant-bench-") as folder:
        return Many(**json.loads(run(_command("fireworks", Path(folder) / "thousand", MANY)).checked().output))


def overruns(many: Many) -> tuple[str, ...]:
    """Return of what rotations take more than they may, as more and more of them are made."""
    found = {
        "memory": many.growth_kb > MOST_GROWTH_KB,
        "CPU": many.second_ms > MOST_SLOWER * many.first_ms,
        "journal": many.journal_bytes > MOST_JOURNAL_BYTES,
    }
    return tuple(name for name, is_over in found.items() if is_over)


def told(many: Many) -> str:
    """Return what many rotations came to, in a sentence."""
    return (
        f"{MANY:,} rotations of one key, {PROVIDERS['fireworks']}: {many.rate:.0f}/s; in the second half memory grew "
        f"by {many.growth_kb:.0f} KB (at most {MOST_GROWTH_KB}), the fastest took {many.second_ms / many.first_ms:.2f} "
        f"of the CPU of the first half's (at most {MOST_SLOWER}), and each let the journal grow by "
        f"{many.journal_bytes:.0f} bytes (at most {MOST_JOURNAL_BYTES}); its log has {many.log_bytes:,} bytes "
        f"{'ok' if not overruns(many) else 'OVER: ' + ', '.join(overruns(many))}"
    )
