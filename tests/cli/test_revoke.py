"""`issuant revoke`: a person sees the key and is asked, a program says --yes, and nobody revokes by accident."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors
from tests.cli.terminal import on_terminal


def a_key(vendors: Vendors, name: str = "nightly") -> str:
    return vendors.galileo.add_key(user_id=vendors.galileo.user_id, description=name)[0].id


def test_yes_revokes_unasked_and_unseen(issuant: Issuant, vendors: Vendors) -> None:
    """One request: what leaked is to be gone, also where the list cannot be read."""
    id_, other = a_key(vendors), a_key(vendors)
    ended = issuant("revoke", "galileo", id_, "--yes", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == {"provider": "galileo", "outcome": "revoked", "id": id_, "request_id": None}
    assert list(vendors.galileo.keys) == [other]
    assert [request.method for request in vendors.requests] == ["DELETE"]


def test_a_key_that_is_not_there_ends_with_1(issuant: Issuant, vendors: Vendors) -> None:
    """As after a revocation that has worked."""
    id_ = a_key(vendors)
    assert [issuant("revoke", "galileo", id_, "--yes").code for _ in range(2)] == [0, 1]


def test_nobody_to_ask_and_no_yes_sends_nothing(issuant: Issuant, vendors: Vendors) -> None:
    """Whatever stands on standard input."""
    id_ = a_key(vendors)
    ended = issuant("revoke", "galileo", id_, stdin=b"y\ny\n")
    assert (ended.code, ended.out) == (2, "")
    assert "Give --yes" in ended.err
    assert not vendors.requests
    assert id_ in vendors.galileo.keys


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)], ids=["yes", "no", "nothing-typed"])
def test_a_person_is_shown_the_key_and_asked(answer: str, code: int, script: Path, vendors: Vendors) -> None:
    """By name, owner and times; no is what is taken for granted."""
    id_ = a_key(vendors)
    shown = on_terminal(script, "revoke", "galileo", id_, answers=[answer])
    assert shown.code == code, shown.text
    for text in ("nightly", vendors.galileo.user_id, "created_at", "Revoke this key? [y/N]"):
        assert text in shown.text
    assert (id_ in vendors.galileo.keys) is (code == 1)
    assert ("nothing was changed" in shown.text) is (code == 1)


def test_a_person_is_not_asked_about_a_key_that_is_not_there(script: Path, vendors: Vendors) -> None:
    """The error says so."""
    shown = on_terminal(script, "revoke", "galileo", vendors.galileo.user_id, answers=["y"])
    assert shown.code == 1
    assert "Revoke this key?" not in shown.text


def test_where_the_list_cannot_be_read_a_person_is_told_of_yes(script: Path, vendors: Vendors) -> None:
    """A key that leaked is not kept alive by a list."""
    id_ = a_key(vendors)
    vendors.galileo.faults.add(Fault.status(403), on="GET /v2/users/*")
    shown = on_terminal(script, "revoke", "galileo", id_, answers=["y"])
    assert shown.code == 1
    assert "With --yes it is revoked without being looked at." in shown.text
    assert id_ in vendors.galileo.keys


def test_the_account_alone_goes_to_standard_output(script: Path, vendors: Vendors, tmp_path: Path) -> None:
    """The question and what it is about stand on the terminal."""
    id_ = a_key(vendors)
    with (tmp_path / "out").open("wb") as out:
        shown = on_terminal(script, "revoke", "galileo", id_, "--json", answers=["y"], stdout=out.fileno())
    assert shown.code == 0, shown.text
    assert json.loads((tmp_path / "out").read_text())["outcome"] == "revoked"
    assert "nightly" in shown.text


def test_the_key_of_another_owner_is_revoked_by_naming_the_owner(issuant: Issuant, vendors: Vendors) -> None:
    """Without it, it is not found, and the error speaks of the option."""
    vendors.fireworks.add_key("someone")
    (id_,) = (key.key_id for key in vendors.fireworks.keys.values() if key.user_id == "someone")
    ended = issuant("revoke", "fireworks", id_, "--yes")
    assert ended.code == 1
    assert "--owner" in ended.err
    assert id_ in vendors.fireworks.keys
    assert issuant("revoke", "fireworks", id_, "--owner", "someone", "--yes").code == 0
    assert id_ not in vendors.fireworks.keys


@pytest.mark.parametrize("options", [[], ["--yes"], ["--yes", "--json"]], ids=["asking", "yes", "json"])
def test_what_only_a_person_can_revoke_is_refused_with_who_must_do_what(
    options: list[str], issuant: Issuant, vendors: Vendors
) -> None:
    """With the id, and nothing is sent; it is a refusal, not a wrong call."""
    ended = issuant("revoke", "fireblocks", vendors.fireblocks.api_key, *options)
    assert (ended.code, ended.out) == (1, "")
    assert "owner" in ended.err
    assert "console" in ended.err
    assert vendors.fireblocks.api_key in ended.err
    assert not vendors.requests


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param("status:403", 1, id="refused"),
        pytest.param("status:503", 4, id="failed"),
        pytest.param("drop-after", 4, id="lost"),
        pytest.param("html:200", 4, id="a-proxys-page"),
    ],
)
def test_the_exit_code_tells_whether_it_is_gone(fault: str, code: int, issuant: Issuant, vendors: Vendors) -> None:
    """After a lost reply, nobody knows; to repeat it is safe, and the error says so."""
    id_ = a_key(vendors)
    vendors.galileo.faults.plan(fault)
    ended = issuant("revoke", "galileo", id_, "--yes", "--json", "--retries", "1")
    assert (ended.code, ended.out) == (code, "")
    error = json.loads(ended.err)
    assert (error["operation"], error["attempts"]) == ("revoke", 1)
    if code == 4:
        assert "Repeat the call" in error["advice"]


def test_a_lost_reply_is_asked_for_again(issuant: Issuant, vendors: Vendors) -> None:
    """The second attempt finds nothing, which does not tell that it ever was there."""
    id_ = a_key(vendors)
    vendors.galileo.faults.add(Fault.drop_after())
    ended = issuant("revoke", "galileo", id_, "--yes")
    assert ended.code != 0
    assert "if it was there, it is gone now" in ended.err
    assert id_ not in vendors.galileo.keys
