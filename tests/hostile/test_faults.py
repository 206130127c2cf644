"""The fault matrix: whatever goes wrong with any request of any operation, what comes of it is what the oracle says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from issuant import AuthenticationError, Effect, body
from issuant.mocks import Fault

from tests.hostile.cells import Cell, cells, course, meets
from tests.hostile.errands import Errand, errands
from tests.hostile.judging import run, told
from tests.hostile.table import PROPERTY
from tests.hostile.trial import MODES, Mode, attempt, listening, stand
from tests.hostile.wrongs import BOUND, of_status
from tests.leaks.detector import leaks, shown_by_error


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("errand", [pytest.param(errand, id=errand.name) for errand in errands()])
def test_every_fault_of_every_request_becomes_what_it_has_to(
    errand: Errand, mode: Mode, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """The type and effect of the error, or success; the attempts; what was made; and no secret in anything shown."""
    monkeypatch.setattr(body, "LONGEST_REPLY", BOUND)  # an endless reply costs as much as is read of it
    found, faults, secrets = [], [], set[str]()
    with listening() as logged:
        for cell in cells(errand, mode):
            verdict = run(cell)
            found.append((cell.row, cell.wrong.short, cell.times, verdict.letter))
            faults += [f"{cell}: {fault}" for fault in verdict.faults]
            secrets.update(verdict.secrets)
    record_property(PROPERTY, found)

    assert faults == []
    assert len(found) > 25
    assert leaks([("log", line) for line in logged], secrets) == []


REPEATED = [
    errand
    for errand in errands()
    if not errand.logs_in and not errand.goes_wrong and course(errand)[1][-1].deed != "creates"
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", [Fault.drop_before(), Fault.reset_after()], ids=lambda fault: fault.kind)
@pytest.mark.parametrize("errand", [pytest.param(errand, id=errand.name) for errand in REPEATED])
def test_a_refusal_after_a_lost_reply_leaves_the_doubt(errand: Errand, fault: Fault, mode: Mode) -> None:
    """What was asked for first may have been done; only of a reading it is known that nothing was."""
    spot, subject = course(errand)[1][-1], stand(errand)
    wanted = meets(Cell(errand=errand, spot=spot, wrong=of_status(401), times=1, mode=mode))
    subject.simulator.faults.add(fault, when=wanted)
    subject.simulator.faults.add(Fault.status(401), when=wanted)

    error = told(attempt(subject, mode))

    assert type(error) is AuthenticationError
    assert error.effect is (Effect.NONE if spot.deed == "reads" else Effect.UNKNOWN)
    assert leaks(shown_by_error(error), subject.hidden()) == []
