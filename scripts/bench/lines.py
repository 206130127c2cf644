"""A line of a table: what was measured, ours, a peer's, and the limit. Owns how it is printed; refuses nothing."""

from __future__ import annotations

from dataclasses import dataclass

_FORMAT = "{:<66} {:>9} {:>9} {:>7} {:>7} {}"


@dataclass(frozen=True)
class Line:
    """What was measured, ours and the peer's in the same unit.

    The limit is the ratio's, or ours where there is no peer; None where the line is only stated.
    """

    title: str
    ours: float
    peer: float | None
    limit: float | None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        measured = self.ours if self.peer is None else self.ours / self.peer
        return self.limit is None or measured <= self.limit

    def __str__(self) -> str:
        peer, ratio = ("-", "-") if self.peer is None else (f"{self.peer:.2f}", f"{self.ours / self.peer:.2f}")
        limit = "stated" if self.limit is None else f"{self.limit:.2f}"
        verdict = "" if self.limit is None else ("ok" if self.holds else "OVER")
        return _FORMAT.format(self.title, f"{self.ours:.2f}", peer, ratio, limit, f"{verdict}{self.note}").rstrip()


def heading(title: str, *, ours: str = "issuant", peer: str = "peer") -> str:
    """The line above lines."""
    return _FORMAT.format(title, ours, peer, "ratio", "limit", "").rstrip()
