"""`issuant pairing-token`: a secret like a key's value, which is stored or shown, and never lost."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors, break_sinks

TOKEN = "/v1/management/api_users/*/pairing_token"


@pytest.fixture
def user(vendors: Vendors) -> str:
    """Return the id of a user that waits to be paired."""
    return vendors.fireblocks.add_user(role="SIGNER", name="co-signer").id


def is_good(vendors: Vendors, token: str, user: str) -> bool:
    return vendors.fireblocks.pair(token).id == user


def test_a_token_goes_to_its_sink(user: str, issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """It is on no output, and the account says when it ends."""
    ended = issuant("pairing-token", "fireblocks", user, "--to", f"file:{tmp_path / 'token'}", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = json.loads(ended.out)
    token = (tmp_path / "token").read_text()
    assert (told["outcome"], told["user_id"], told["stored_in"]) == ("issued", user, f"file:{tmp_path / 'token'}")
    assert told["expires_at"]
    assert told["idempotency_key"]
    assert "value" not in told
    assert token not in ended.out
    assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
    assert is_good(vendors, token, user)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_token_is_shown_where_that_is_asked_for(
    options: list[str], user: str, issuant: Issuant, vendors: Vendors
) -> None:
    """Once, under the name that a key's value has."""
    ended = issuant("pairing-token", "fireblocks", user, "--show", *options)
    assert (ended.code, ended.err) == (0, "")
    shown = re.search(r"^value +(\S+)$", ended.out, re.MULTILINE)
    assert is_good(vendors, json.loads(ended.out)["value"] if options else shown[1] if shown else "", user)


@pytest.mark.parametrize(
    ("places", "words"),
    [
        pytest.param([], "neither --to nor --show", id="neither"),
        pytest.param(["--show", "--to", "file:token"], "both --to and --show", id="both"),
        pytest.param(["--to", "vault:x"], "names no sink", id="no-sink"),
        pytest.param(["--to", "file:/no/such/folder/token"], "cannot be written", id="a-sink-that-cannot-be-written"),
    ],
)
def test_a_token_that_could_not_be_kept_is_not_issued(
    places: list[str], words: str, user: str, issuant: Issuant, vendors: Vendors
) -> None:
    """Nothing is sent."""
    ended = issuant("pairing-token", "fireblocks", user, *places)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert not vendors.requests


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_a_token_whose_sink_fails_is_kept_in_a_file(
    as_json: bool, user: str, issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with 5, and says that the same idempotency key brings it again."""
    break_sinks(monkeypatch, tmp_path / "token")
    ended = issuant(
        *("pairing-token", "fireblocks", user, "--to", f"file:{tmp_path / 'token'}"), *(["--json"] if as_json else [])
    )
    assert (ended.code, ended.out) == (5, "")
    assert "No space left on device" in ended.err
    assert "--idempotency-key" in ended.err
    kept = re.search(r"is kept in (\S+);", ended.err)
    assert kept is not None
    token = Path(kept[1]).read_text()
    assert token not in ended.err
    assert is_good(vendors, token, user)


def test_the_same_idempotency_key_brings_the_same_token(user: str, issuant: Issuant, vendors: Vendors) -> None:
    """So that a lost one is had again."""
    values = {
        json.loads(issuant("pairing-token", "fireblocks", user, "--show", "--idempotency-key", "a", "--json").out)[
            "value"
        ]
        for _ in range(2)
    }
    assert len(values) == 1


@pytest.mark.parametrize(("fault", "code"), [("status:403", 1), ("drop-after", 4)], ids=["refused", "lost"])
def test_the_exit_code_tells_whether_a_token_was_issued(
    fault: str, code: int, user: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """The sink stays empty."""
    vendors.fireblocks.faults.add(Fault.parse(fault), on=f"POST {TOKEN}")
    ended = issuant(
        *("pairing-token", "fireblocks", user, "--to", f"file:{tmp_path / 'token'}", "--retries", "1", "--json")
    )
    assert (ended.code, ended.out) == (code, "")
    assert json.loads(ended.err)["operation"] == "pairing_token"
    assert not (tmp_path / "token").exists()


def test_a_user_that_is_set_up_already_gets_none(issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 1, and says which users do."""
    ended = issuant("pairing-token", "fireblocks", vendors.fireblocks.api_key, "--show")
    assert (ended.code, ended.out) == (1, "")
    assert "PENDING_ACTIVATION" in ended.err


SPOILT = b'{"pairingToken": "pairing_TEST_not_a_key", "expiresAt": 7}'
LOST = "pairing_TEST_not_a_key"


@pytest.mark.parametrize("options", [["--to", "file:token"], ["--show"]], ids=["to", "show"])
def test_a_token_in_a_reply_that_cannot_be_used_is_not_lost(
    options: list[str], user: str, issuant: Issuant, vendors: Vendors
) -> None:
    """It goes where it was to go, and the reply is told as what it is."""
    vendors.fireblocks.faults.add(Fault.body(SPOILT), on=f"POST {TOKEN}")
    ended = issuant("pairing-token", "fireblocks", user, *options)
    assert ended.code == 5
    assert "cannot be used" in ended.err
    assert LOST not in ended.err
    if "--show" in options:
        assert ended.out.strip() == LOST
    else:
        assert Path("token").read_text() == LOST
        assert "The value is in file:" in ended.err
        assert ended.out == ""


def test_a_token_in_a_reply_that_cannot_be_used_is_kept_where_its_sink_fails_too(
    user: str, issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file of its own."""
    vendors.fireblocks.faults.add(Fault.body(SPOILT), on=f"POST {TOKEN}")
    break_sinks(monkeypatch, tmp_path / "token")
    ended = issuant("pairing-token", "fireblocks", user, "--to", f"file:{tmp_path / 'token'}")
    assert (ended.code, ended.out) == (5, "")
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == LOST


@pytest.mark.parametrize(
    ("place", "options"),
    [
        pytest.param("issuant.cli.pairing_token.print_made", ["--show"], id="while-it-is-printed"),
        pytest.param("issuant.cli.pairing_token.stored", ["--to", "file:token"], id="while-it-is-stored"),
    ],
)
def test_ctrl_c_behind_the_making_keeps_the_token(
    place: str,
    options: list[str],
    user: str,
    issuant: Issuant,
    vendors: Vendors,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends with 5, and says where the token is."""

    def interrupted(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupted)
    ended = issuant("pairing-token", "fireblocks", user, *options)
    assert (ended.code, ended.out) == (5, "")
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert str(kept) in ended.err
    assert "it was interrupted" in ended.err
    assert is_good(vendors, kept.read_text(), user)
