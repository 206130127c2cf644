"""What is left at a provider, as the command tells and removes it: exactly that, and whatever fails in between."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors
from tests.cli.rotations import issue_nightly, lines, small_keys, told
from tests.cli.terminal import on_terminal


def left_over(issuant: Issuant, vendors: Vendors) -> str:
    """Let a rotation that is over have left a key, as one that came up late, and return its id."""
    issue_nightly(issuant)
    done = told(issuant("rotate", "nightly", "--force", "--json"))
    key, _ = vendors.galileo.add_key(user_id=vendors.galileo.user_id, description=done["key_name"])
    vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="eval-x00000000-1")
    return key.id


def test_strays_tells_what_each_key_is_to_the_journal(issuant: Issuant, vendors: Vendors) -> None:
    """A name that only looks like one of ours is unknown."""
    left = left_over(issuant, vendors)
    found = lines(issuant("strays", "galileo", "--json"))
    assert [line["standing"] for line in found] == ["current", "left", "unknown"]
    assert [line["id"] for line in found if line["standing"] == "left"] == [left]
    assert [line["credential"] for line in found] == ["nightly", "nightly", None]
    assert len(vendors.galileo.keys) == 3


def test_what_is_left_over_is_removed_and_nothing_else(issuant: Issuant, vendors: Vendors) -> None:
    """It says of each whether it was."""
    left = left_over(issuant, vendors)
    ended = issuant("strays", "galileo", "--delete", "--yes", "--json")
    assert ended.code == 0, ended.err
    assert [line["id"] for line in lines(ended) if line["removed"]] == [left]
    assert left not in vendors.galileo.keys
    assert len(vendors.galileo.keys) == 2
    assert len(issuant("strays", "galileo").out.splitlines()) == 2


def test_a_list_that_cannot_be_read_removes_nothing(issuant: Issuant, vendors: Vendors) -> None:
    """It ends as the list does."""
    left = left_over(issuant, vendors)
    vendors.galileo.faults.add(Fault.status(403), on="GET /v2/users/*")
    ended = issuant("strays", "galileo", "--delete", "--yes", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert json.loads(ended.err)["status"] == 403
    assert left in vendors.galileo.keys


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)], ids=["yes", "no"])
def test_a_person_is_shown_what_is_left_over_and_asked(
    answer: str, code: int, issuant: Issuant, vendors: Vendors, script: Path
) -> None:
    """No is what is taken for granted."""
    left = left_over(issuant, vendors)
    shown = on_terminal(script, "strays", "galileo", "--delete", answers=[answer])
    assert shown.code == code, shown.text
    assert f"{left}  eval-x" in shown.text
    assert (left in vendors.galileo.keys) is (code == 1)


def another_of(vendors: Vendors, key: str) -> str:
    """Let there be one more key of the same name, and return its id."""
    name = vendors.galileo.keys[key].description
    return vendors.galileo.add_key(user_id=vendors.galileo.user_id, description=name)[0].id


def test_what_a_person_has_agreed_to_is_what_is_removed(issuant: Issuant, vendors: Vendors, script: Path) -> None:
    """A key that is left over by then, and was not shown, stays."""
    left = left_over(issuant, vendors)
    later: list[str] = []

    def leave(shown: str) -> None:
        if "Revoke this key?" in shown and not later:
            later.append(another_of(vendors, left))

    shown = on_terminal(script, "strays", "galileo", "--delete", answers=["y"], meanwhile=leave)
    assert (shown.code, later[0] in shown.text) == (0, False), shown.text
    assert left not in vendors.galileo.keys
    assert later[0] in vendors.galileo.keys
    assert [line["id"] for line in lines(issuant("strays", "galileo", "--json")) if line["standing"] == "left"] == later


@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
def test_a_removal_that_fails_does_not_keep_it_from_the_others(
    as_json: bool, issuant: Issuant, vendors: Vendors
) -> None:
    """What was removed before and after is told, the failure on standard error, and it ends with 1."""
    first = left_over(issuant, vendors)
    second, third = another_of(vendors, first), another_of(vendors, first)
    seen: list[str] = []

    def is_second(path: str) -> bool:
        seen.append(path)
        return len(seen) == 2

    vendors.galileo.faults.add(
        Fault.status(403), when=lambda request: request.method == "DELETE" and is_second(request.path)
    )
    ended = issuant("strays", "galileo", "--delete", "--yes", *(["--json"] if as_json else []))
    assert ended.code == 1
    assert {first, second, third} & set(vendors.galileo.keys) == {second}
    if as_json:
        assert [line["id"] for line in lines(ended) if line["removed"]] == [first, third]
        (error,) = (json.loads(line) for line in ended.err.splitlines())
        assert (error["error"], error["status"], error["id"]) == ("PermissionDeniedError", 403, second)
    else:
        rows = {line.split("\t")[0]: line.split("\t") for line in ended.out.splitlines()}
        assert [rows[key][8] for key in (first, second, third)] == ["yes", "no", "yes"]
        assert [bool(rows[key][9]) for key in (first, second, third)] == [False, True, False]
        assert ended.err.startswith(f"issuant: {second} is not removed: ")
        assert ended.err.count("\n") == 1


def spoil(vendors: Vendors, key: str) -> None:
    """Let the next list have a key that cannot be read, beside the others."""
    items = [
        {**each.document(), **({"created_at": 12} if each.id == key else {})} for each in vendors.galileo.keys.values()
    ]
    document = {"api_keys": items, "starting_token": 0, "limit": 100, "paginated": False, "next_starting_token": None}
    vendors.galileo.faults.add(Fault.body(json.dumps(document).encode()), on="GET /v2/users/*/api_keys")


@pytest.mark.parametrize("options", [[], ["--json"], ["--delete", "--yes"]], ids=["words", "json", "delete"])
def test_a_key_that_cannot_be_read_is_told_as_in_the_list_of_keys(
    options: list[str], issuant: Issuant, vendors: Vendors
) -> None:
    """In the same words, with the same code; the others are told, and removed where that is wanted."""
    left = left_over(issuant, vendors)
    spoilt = next(iter(vendors.galileo.keys))
    spoil(vendors, spoilt)
    as_keys = issuant("keys", "galileo", *(option for option in options if option == "--json"))
    spoil(vendors, spoilt)
    ended = issuant("strays", "galileo", *options)
    assert (ended.code, as_keys.code) == (1, 1)
    assert ended.err == as_keys.err
    assert spoilt in ended.err
    assert len(ended.out.splitlines()) == 2
    assert (left in vendors.galileo.keys) is ("--delete" not in options)


def test_a_key_that_only_a_person_can_remove_says_who(
    issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 3, and nothing stands on standard error."""
    small_keys(monkeypatch)
    line = ["issue", "fireblocks", "--name", "rep", "--role", "viewer", "--as", "reporting", "--to", "file:key.pem"]
    asked = told(issuant(*line, "--json"))
    assert issuant("rotate", "reporting", "--abandon").code == 3
    user = vendors.fireblocks.approvals.approve(asked["request_id"])
    ended = issuant("strays", "fireblocks", "--delete", "--yes", "--json")
    (left,) = (found for found in lines(ended) if found["standing"] == "left")
    assert (ended.code, ended.err, left["id"], left["removed"]) == (3, "", user.id, False)
    assert "owner" in left["note"].lower()
