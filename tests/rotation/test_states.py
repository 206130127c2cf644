"""Which state may follow which: every way leads to an end, and none back over a key that was revoked."""

from __future__ import annotations

import pytest
from issuant.rotation.states import FOLLOWS, State


def reached_from(start: State) -> set[State]:
    found, waiting = set[State](), [start]
    while waiting:
        for state in FOLLOWS[waiting.pop()] - found:
            found.add(state)
            waiting.append(state)
    return found


def test_every_state_has_its_followers() -> None:
    """And is reached from the intent."""
    assert FOLLOWS.keys() == set(State)
    assert reached_from(State.INTENT) | {State.INTENT} == set(State)


@pytest.mark.parametrize("state", State)
def test_every_state_leads_to_an_end(state: State) -> None:
    """Nothing is stuck by the rules alone, and nothing follows an end."""
    assert state.is_final == (not FOLLOWS[state])
    assert state.is_final or any(found.is_final for found in reached_from(state))


def test_once_the_new_key_is_current_there_is_no_way_back() -> None:
    """What follows a promotion is promoted as well, and DONE is its one end."""
    for state in (state for state in State if state.is_promoted):
        assert all(found.is_promoted for found in reached_from(state))
        assert State.ENDED not in reached_from(state)


def test_the_old_key_is_revoked_after_the_promotion_alone() -> None:
    """Whatever leads to REVOKING is GRACE."""
    assert {state for state in State if State.REVOKING in FOLLOWS[state]} == {State.GRACE}
    assert {state for state in State if State.GRACE in FOLLOWS[state]} == {State.STAGED}
