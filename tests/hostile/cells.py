"""The fault matrix: each request of each errand meets each fault, once and for good. Owns which cells there are, and
trying one; judging what came of it is `judging`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from issuant.mocks import Reply, Request

from tests.contract.documents import operations, resolved
from tests.contract.exchanges import template
from tests.hostile.errands import Errand, errands
from tests.hostile.oracle import LASTING, Spot, deed_of, expected, is_asked_again
from tests.hostile.trial import MODES, Mode, Stand, Trial, attempt, stand
from tests.hostile.wrongs import ALWAYS, WRONGS, Wrong, number_of

_SLOW_READ = 0.001  # in process nobody waits for anything but the fault
_SLOW_READ_AFTER_LOGIN = 0.03
_SLOW_LOGIN = 0.25  # a login's reply has to be read in that time, too


@cache
def course(errand: Errand) -> tuple[Trial, tuple[Spot, ...]]:
    """Do an errand where nothing goes wrong, and return what came of it and its different requests."""
    subject = stand(errand)
    found = attempt(subject, "sync")
    assert found.error is None, f"{errand.name}: {found.error}"
    different: dict[tuple[str, str], Request] = {}
    for request in found.arrived:
        different.setdefault((request.method, request.target), request)
    return found, tuple(_spot(errand, number, request) for number, request in enumerate(different.values(), 1))


def _spot(errand: Errand, number: int, request: Request) -> Spot:
    subject = stand(errand)
    replies: dict[tuple[str, str], Reply] = {}
    answer = subject.answer

    def note(arriving: Request) -> Reply:
        replies[arriving.method, arriving.target] = answer(arriving)
        return replies[arriving.method, arriving.target]

    subject.answer = note
    attempt(subject, "sync")
    reply = replies[request.method, request.target]
    declared, has_pages = _documented(errand.provider, subject.simulator, request)
    return Spot(
        number=number,
        request=request,
        deed=deed_of(errand, request),
        status=reply.status,
        is_empty=not reply.body,
        has_pages=has_pages,
        declared=declared,
    )


def _documented(provider: str, simulator: Any, request: Request) -> tuple[frozenset[int], bool]:
    """Return the refusals that the document declares for a request, and whether it lists page by page."""
    path = request.path.removeprefix(simulator.base_path)
    for operation in operations():
        is_there = operation.provider == provider and operation.method == request.method.lower()
        if is_there and re.fullmatch(template(operation.path), path):
            named = {resolved(provider, item)["name"] for item in operation.definition.get("parameters", ())}
            paged = simulator.paging is not None and simulator.paging.parameter in named
            return frozenset(number for number in map(number_of, operation.statuses) if number >= 400), paged
    return frozenset({400, 401, 403, 422, 429}), False  # a login, which is in no document


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One request of one errand, one fault, met so many times, in one flavour."""

    errand: Errand
    spot: Spot
    wrong: Wrong
    times: int
    mode: Mode

    @property
    def row(self) -> str:
        """The row that it stands in."""
        return f"{self.errand.name} {self.spot.number} {self.spot.deed}"

    def __str__(self) -> str:
        often = "once" if self.times < LASTING else "for good"
        return f"{self.row}, {self.wrong.name} {often}, {self.mode}"


def cells(errand: Errand, mode: Mode, wrongs: Iterable[Wrong] = WRONGS) -> Iterator[Cell]:
    """Yield every cell of an errand in one flavour. What is not sent again meets its fault once: twice would show."""
    for spot in course(errand)[1]:
        for wrong in wrongs:
            if wrong.is_refused_by_vendor and wrong.status not in spot.declared | ALWAYS:
                continue
            if wrong.sees == "endless":
                yield Cell(errand=errand, spot=spot, wrong=wrong, times=1_000, mode=mode)
                continue
            yield Cell(errand=errand, spot=spot, wrong=wrong, times=1, mode=mode)
            if expected(errand, spot, wrong, 1).kind is None or is_asked_again(spot.deed, wrong.sees):
                yield Cell(errand=errand, spot=spot, wrong=wrong, times=LASTING, mode=mode)


def meets(cell: Cell) -> Callable[[Request], bool]:
    """Return what tells the request that is to meet the fault."""
    wanted = cell.spot.request

    def tell(request: Request) -> bool:
        is_same = (request.method, request.path) == (wanted.method, wanted.path)
        return is_same and (cell.wrong.sees == "endless" or request.query == wanted.query)

    return tell


def cell_of(text: str) -> Cell:
    """Return the cell that prints like this. Fails where there is none."""
    for errand in errands():
        for mode in MODES:
            if text.startswith(f"{errand.name} ") and text.endswith(mode):
                for cell in cells(errand, mode):
                    if str(cell) == text:
                        return cell
    raise LookupError(f"there is no cell {text!r}")


def prepare(cell: Cell) -> Stand:
    """Return a stand on which the fault waits."""
    subject, kind = stand(cell.errand), cell.wrong.raises
    if kind is None:
        subject.simulator.faults.add(cell.wrong.fault, times=cell.times, when=meets(cell))
        return subject
    answer, is_met, left = subject.answer, meets(cell), iter(range(cell.times))

    def fail(request: Request) -> Reply:
        is_next = not subject.simulator.faults  # what goes wrong before anybody tries anything comes first
        if is_met(request) and is_next and next(left, None) is not None:
            raise kind(f"the network failed on {request.body!r} with {dict(request.headers)}")
        return answer(request)

    subject.answer = fail
    return subject


def patience(cell: Cell) -> float:
    """Return how many seconds the client waits for a reply."""
    if cell.wrong.name != "slow":
        return 5.0
    if cell.spot.deed == "login":
        return _SLOW_LOGIN
    return _SLOW_READ_AFTER_LOGIN if cell.errand.logs_in else _SLOW_READ
