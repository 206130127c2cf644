"""Rotation where people approve new keys and remove old ones."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Issuant, Vendors
from tests.cli.rotations import issue_nightly, lines, small_keys, told


@pytest.fixture
def reporting(issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask for an API user as `reporting`, and return the id of the request."""
    small_keys(monkeypatch)
    places = ["--to", "file:key.pem", "--id-to", "env:.env#FB_ID"]
    line = ["issue", "fireblocks", "--name", "rep", "--role", "viewer", "--as", "reporting", *places, "--json"]
    ended = issuant(*line)
    assert ended.code == 3, ended.err
    asked = told(ended)
    assert (asked["state"], "People have to approve" in asked["note"]) == ("awaiting_approval", True)
    return str(asked["request_id"])


def test_an_issue_goes_on_once_people_have_approved(
    reporting: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Until then `resume` ends with 3, and `due` with 6; then the key and its id stand in their sinks."""
    assert issuant("resume").code == 3
    waiting = issuant("due", "--json")
    assert (waiting.code, "People have to approve" in lines(waiting)[0]["reason"]) == (6, True)
    user = vendors.fireblocks.approvals.approve(reporting)
    ended = issuant("resume", "--json")
    assert (ended.code, lines(ended)[0]["state"]) == (0, "done"), ended.err
    assert "PRIVATE KEY" in (tmp_path / "key.pem").read_text()
    assert user.id in (tmp_path / ".env").read_text()
    assert "PRIVATE KEY" not in ended.out


def test_a_rotation_waits_for_the_approval_and_for_the_removal(
    reporting: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """It tells each time what a person has to do, and goes on by itself when that is done."""
    old = vendors.fireblocks.approvals.approve(reporting)
    assert issuant("resume").code == 0
    asked = issuant("rotate", "reporting", "--json")
    assert asked.code == 3
    new = vendors.fireblocks.approvals.approve(told(asked)["request_id"])
    by_hand = issuant("resume", "--force", "--json")
    (state,) = lines(by_hand)
    assert (by_hand.code, state["state"]) == (3, "awaiting_human_revoke"), by_hand.err
    assert "owner" in state["note"]
    assert old.id in state["note"]
    assert new.id in (tmp_path / ".env").read_text()
    assert issuant("due").code == 6
    vendors.fireblocks.remove_user(old.id)
    done = issuant("resume", "--json")
    assert (done.code, lines(done)[0]["state"]) == (0, "done"), done.err
    assert issuant("due").code == 0


def test_what_people_turn_down_comes_to_nothing(reporting: str, issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 1 and says so; the name is free again."""
    vendors.fireblocks.approvals.reject(reporting)
    ended = issuant("resume", "--json")
    (state,) = lines(ended)
    assert (ended.code, state["state"]) == (1, "ended")
    assert "rejected" in state["note"]
    assert json.loads(ended.err)["warning"] == "Ended"
    assert issuant("journal").out == ""


def test_what_people_turn_down_is_told_where_nobody_reads_the_result(
    reporting: str, issuant: Issuant, vendors: Vendors
) -> None:
    """As from a timer, whose errors alone come by mail."""
    vendors.fireblocks.approvals.reject(reporting)
    ended = issuant("resume")
    assert (ended.code, "issuant: reporting has come to nothing: The request" in ended.err) == (1, True)


def test_a_request_that_is_given_up_is_left_to_people(reporting: str, issuant: Issuant, vendors: Vendors) -> None:
    """Who has to reject it."""
    ended = issuant("rotate", "reporting", "--abandon", "--json")
    assert (ended.code, told(ended)["state"]) == (3, "ended")
    assert f"People have to reject the request {reporting}" in told(ended)["note"]


def test_the_old_key_is_revoked_by_both_clocks(issuant: Issuant, vendors: Vendors) -> None:
    """A provider's clock that has gone ahead does not shorten the grace."""
    issue_nightly(issuant)
    assert issuant("rotate", "nightly", "--grace", "1h").code == 3
    vendors.galileo.clock.advance(timedelta(hours=2))
    assert issuant("resume").code == 3
    assert len(vendors.galileo.keys) == 2


def test_an_api_user_that_was_made_elsewhere_is_adopted_and_rotated(
    reporting: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Its private key is proven; the next user is like it, and its key and id go where they are to go."""
    old = vendors.fireblocks.approvals.approve(reporting)
    assert issuant("resume").code == 0
    assert issuant("forget", "reporting").code == 0
    asks = len(vendors.requests)
    places = ["--from", "file:key.pem", "--to", "file:next.pem", "--id-to", "env:.env#NEXT_ID"]
    ended = issuant("adopt", "fireblocks", old.id, "--as", "taken-over", *places, "--json")
    assert (ended.code, told(ended)["key_id"], told(ended)["provider"]) == (0, old.id, "fireblocks"), ended.err
    assert {request.method for request in vendors.requests[asks:]} == {"GET"}
    asked = told(issuant("rotate", "taken-over", "--json"))
    new = vendors.fireblocks.approvals.approve(asked["request_id"])
    assert (new.role, new.name.startswith("rep-x")) == (old.role, True)
    assert issuant("resume", "--force").code == 3
    assert "PRIVATE KEY" in (tmp_path / "next.pem").read_text()
    assert new.id in (tmp_path / ".env").read_text()
    vendors.fireblocks.remove_user(old.id)
    assert issuant("resume").code == 0


def test_a_private_key_of_another_is_not_adopted(
    reporting: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Fireblocks does not accept it for that user."""
    user = vendors.fireblocks.approvals.approve(reporting)
    assert issuant("resume").code == 0
    assert issuant("forget", "reporting").code == 0
    (tmp_path / "key.pem").write_text(vendors.fireblocks.private_key_pem)
    ended = issuant("adopt", "fireblocks", user.id, "--as", "taken-over", "--from", "file:key.pem")
    assert (ended.code, "does not accept the value" in ended.err) == (2, True), ended.err
    assert issuant("journal", "--all").out == ""
