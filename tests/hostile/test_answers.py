"""The statuses and bodies that a vendor, or what stands before it, may answer with; and all that a network may raise.

The last request of every operation meets each: the oracle is that of the fault matrix. What only reads meets every
break and a third of the answers, another third than the next operation of its provider that reads; with
ISSUANT_TESTS=whole it meets all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from issuant.mocks import Fault

from tests.extent import IS_WHOLE
from tests.hostile.cells import Cell, cells, course
from tests.hostile.errands import Errand, errands
from tests.hostile.judging import run
from tests.hostile.matrix import BODIES, BREAKS, STATUSES
from tests.hostile.trial import MODES, Mode, listening
from tests.hostile.wrongs import Sight, Wrong, of_network
from tests.leaks.detector import leaks

SOME = ("html", "empty", "cut", "list", "null", "not-utf8", "deep", "message-code", "error-object", "detail-list")
"""Bodies of a refusal: what an adapter reads of them is its own."""

_UNSENT = {httpx.ConnectError: "unsent", httpx.ConnectTimeout: "unsent", httpx.ProxyError: "unsent"}
ASKING = tuple(
    errand
    for errand in errands()
    # Without a key of its own, it asks anew after some of these: that is in the fault matrix.
    if errand.name not in ("fireblocks-issue", "fireblocks-issue_anew") and not errand.logs_in
)


def _sight(status: int, content: bytes) -> Sight:
    if 200 <= status <= 299:
        return "misshapen" if _is_object(content) else "senseless"
    if status == 429:
        return "limited"
    if status in (408, 500, 502, 503, 504) or 520 <= status <= 529:
        return "failed"
    return "refused" if 400 <= status <= 499 else "elsewhere"


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _answer(status: int, body: str) -> Wrong:
    content, content_type = BODIES[body]
    return Wrong(
        name=f"{status}-{body}",
        short="",
        fault=Fault.body(content, status=status, content_type=content_type),
        sees=_sight(status, content),
        status=status,
        forges=200 <= status <= 299,
    )


ANSWERS = (
    *(_answer(status, "message-code") for status in STATUSES if status < 600),
    *(_answer(status, body) for status in (422, 502) for body in SOME if body != "message-code"),
    *(_answer(status, body) for status in (200, 202) for body in BODIES if status == 200 or body in SOME),
)
NETWORK = tuple(
    of_network(kind, _UNSENT.get(kind, "unsendable" if kind is httpx.PoolTimeout else "lost"))  # type: ignore[arg-type]
    for kind in BREAKS
)


SHARES = 1 if IS_WHOLE else 3


def _reads(errand: Errand) -> bool:
    return course(errand)[1][-1].deed == "reads"


def _met(errand: Errand) -> tuple[Wrong, ...]:
    """Return the answers that an operation meets."""
    if not _reads(errand):
        return ANSWERS
    turn = [each.name for each in ASKING if _reads(each) and each.provider == errand.provider].index(errand.name)
    return ANSWERS[turn % SHARES :: SHARES]


def _last(errand: Errand, mode: Mode) -> Iterator[Cell]:
    """Yield the cells of the last request; where it is async, a share of them, as the way is the same from there."""
    few = tuple(each for each in ANSWERS if each.name.endswith(("-html", "-list")))
    answers = _met(errand) if mode == "sync" else few
    last = course(errand)[1][-1].number
    return (cell for cell in cells(errand, mode, (*answers, *NETWORK)) if cell.spot.number == last)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("errand", [pytest.param(errand, id=errand.name) for errand in ASKING])
def test_any_answer_and_any_break_becomes_what_it_has_to(errand: Errand, mode: Mode) -> None:
    """What is read changes nothing, whatever comes back; what is made may have been; and nothing is shown."""
    faults, secrets = [], set[str]()
    tried = [*_last(errand, mode)]  # before anything is listened to: others are asked for their course as well
    with listening() as logged:
        for cell in tried:
            verdict = run(cell)
            faults += [f"{cell}: {fault}" for fault in verdict.faults]
            secrets.update(verdict.secrets)

    assert faults == []
    assert len(tried) > (45 if mode == "sync" else 20)
    assert leaks([("log", line) for line in logged], secrets) == []


@pytest.mark.parametrize("provider", sorted({errand.provider for errand in ASKING}))
def test_every_answer_meets_some_operation_of_each_provider_that_reads(provider: str) -> None:
    """However they are shared out."""
    met = {
        answer.name for errand in ASKING if _reads(errand) and errand.provider == provider for answer in _met(errand)
    }
    assert met == {answer.name for answer in ANSWERS}
