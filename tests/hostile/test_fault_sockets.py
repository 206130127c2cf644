"""What only a real socket shows in full: resets, bodies that end too soon or never, replies that come too late."""

from __future__ import annotations

import pytest
from issuant import body
from issuant.mocks.loopback import serve

from tests.hostile.cells import Cell, cells, prepare
from tests.hostile.errands import Errand, errands
from tests.hostile.judging import judge
from tests.hostile.trial import MODES, Mode, attempt, listening
from tests.hostile.wrongs import BOUND
from tests.leaks.detector import leaks

SAMPLE = ("issue", "keys", "revoke", "put_new_secret", "pairing_token", "issue_by_password")
"""What makes, lists, removes, puts, carries a key, and logs in."""

_PATIENCE = 0.25


def _is_shown(cell: Cell) -> bool:
    """Faults that last are no others on a socket."""
    return cell.wrong.needs_socket and cell.times == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "errand", [pytest.param(errand, id=errand.name) for errand in errands() if errand.name.split("-")[1] in SAMPLE]
)
def test_a_socket_shows_what_the_simulator_shows_in_process(
    errand: Errand, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same oracle holds for the same cells, and the logs of the HTTP client show nothing."""
    monkeypatch.setattr(body, "LONGEST_REPLY", BOUND)
    faults, secrets, tried = [], set[str](), 0
    with listening() as logged:
        for cell in filter(_is_shown, cells(errand, mode)):
            subject = prepare(cell)
            subject.simulator.handle = subject.handle
            patience = _PATIENCE if cell.wrong.name == "slow" else 5.0
            with serve(subject.simulator) as server:
                verdict = judge(cell, subject, attempt(subject, mode, base_url=server.base_url, timeout=patience))
            faults += [f"{cell}: {fault}" for fault in verdict.faults]
            secrets.update(verdict.secrets)
            tried += 1

    assert faults == []
    assert tried >= 5
    assert any("httpcore" in line or "HTTP" in line for line in logged)
    assert leaks([("log", line) for line in logged], secrets) == []
