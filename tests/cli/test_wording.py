"""Errors of the library in the words of the command."""

from __future__ import annotations

import json
from pathlib import Path

import click
import issuant as library
import pytest
from issuant.cli.wording import _PHRASES, flags_of, operation_in_words, reword
from issuant.errors import IssuantError, RefusedError, UsageError
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import Issuant, Vendors
from tests.cli.test_connecting import all_commands

VARIABLES = ("ACME_ACCOUNT_ID", "ACME_SECRET_KEY")
FLAGS = {
    "to": "--to",
    "owner": "--owner",
    "everyone": "--everyone",
    "csr_pem": "--csr",
    "expires": "--expires",
    "id": "ID",
}


def reworded(error: IssuantError) -> str:
    reword(error, FLAGS, VARIABLES)
    return " ".join(filter(None, (error.reason, error.advice)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("csr_pem: it is no text.", "--csr: it is no text.", id="an-option"),
        pytest.param("id: it is missing.", "ID: it is missing.", id="an-argument"),
        pytest.param("expires_in: it is past.", "--expires: it is past.", id="one-option-for-two-fields"),
        pytest.param("user_id: it is missing.", "--owner: it is missing.", id="another-name-for-a-field"),
        pytest.param("Give user_id, or set X_ID.", "Give --owner, or set X_ID.", id="an-option-or-a-variable"),
        pytest.param("Give project_id, or set X_ID.", "Set X_ID.", id="a-variable-alone"),
        pytest.param("Leave everyone out.", "Leave --everyone out.", id="left-out"),
        pytest.param("Leave the sink out.", "Leave --to out.", id="left-out-with-an-article"),
        pytest.param("Leave the rest out.", "Leave the rest out.", id="no-field-left-out"),
        pytest.param("sink: with that there is none.", "--to: with that there is none.", id="a-sink"),
        pytest.param("value: it is empty.", "VALUE on standard input: it is empty.", id="standard-input"),
        pytest.param("private_key is no PEM.", "ACME_SECRET_KEY is no PEM.", id="a-variable"),
        pytest.param("account_id: it is long.", "ACME_ACCOUNT_ID: it is long.", id="a-variable-for-no-option"),
        pytest.param("both an owner and everyone are given.", "both --owner and --everyone are given.", id="both"),
        pytest.param("holds a value; replace=True writes.", "holds a value; --replace writes.", id="a-keyword"),
        pytest.param(
            "file:id/owner.csr_pem cannot be written.", "file:id/owner.csr_pem cannot be written.", id="a-path"
        ),
        pytest.param("Give one of A, B.", "Give one of A, B.", id="no-field"),
    ],
)
def test_a_field_is_told_as_it_is_given(text: str, words: str) -> None:
    """By the parameters of the command, and by nothing where it has none."""
    assert reworded(UsageError(text)) == words
    assert reworded(UsageError("wrong.", advice=text)) == f"wrong. {words}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Look with user() first.", "Look with `issuant user get acme ID` first.", id="a-call"),
        pytest.param("keys() returns the others.", "`issuant keys acme` returns the others.", id="a-list"),
        pytest.param("needs owner=, the id.", "needs --owner, the id.", id="a-keyword"),
        pytest.param("nothing() is known.", "nothing() is known.", id="no-call-of-ours"),
        pytest.param("csr_pem: it is wrong", "csr_pem: it is wrong", id="a-field-in-the-provider's-words"),
    ],
)
def test_a_call_is_told_as_a_command(text: str, words: str) -> None:
    """Also where the provider refused; what it says of fields is its own."""
    error = RefusedError("no.", advice=text, provider="acme")
    assert reworded(error) == f"no. {words}"


@pytest.mark.parametrize("verb", ["store it elsewhere", "store it", "keep it"])
def test_a_value_that_the_error_carries_is_one_to_keep(verb: str) -> None:
    """Where it is, the line before has told."""
    error = IssuantError("x.", advice=f"The value is on this error as `secret`: {verb}, or revoke the key.")
    assert reworded(error) == "x. Keep the value, or revoke the key."


def test_the_words_of_others_are_left_as_they_are() -> None:
    """A provider's, and what the caller has given."""
    error = UsageError("no key of that list has the id 'keys()'; it says: use find() first, name= or so.")
    reword(error, {"name": "--name"})
    assert error.reason == "no key of that list has the id 'keys()'; it says: use find() first, name= or so."


@pytest.mark.parametrize("phrase", _PHRASES)
def test_every_phrase_that_is_put_otherwise_is_one_of_the_library(phrase: str) -> None:
    """One that the library no longer says would be a rule for nothing."""
    home = Path(library.__file__).parent
    sources = [path for path in home.rglob("*.py") if home / "cli" not in path.parents]
    assert any(phrase in path.read_text("utf-8") for path in sources)


@pytest.mark.parametrize("name", provider_names())
def test_every_option_of_a_provider_is_known_by_its_flag(name: str) -> None:
    """The command that ran is what is asked."""
    flags = flags_of(all_commands()[f"issue {name}"])
    for option in find_provider(name).options:
        assert flags[option.field] == option.flag.split("/")[0]


@pytest.mark.parametrize(
    ("operation", "words"),
    [("whitelisted_ips", "addresses"), ("put_secret", "secret put"), ("keys", "keys"), ("other", "other")],
)
def test_an_operation_is_told_by_its_command(operation: str, words: str) -> None:
    """One that has none stands as it is."""
    assert operation_in_words(operation) == words
    assert words == "other" or isinstance(all_commands()[words], click.Command)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(
            ["keys", "fireworks"], "--owner: it is missing. Give --owner, or set FIREWORKS_USER_ID.", id="keys"
        ),
        pytest.param(
            ["issue", "fireworks", "--name", "k", "--show"],
            "--user: it is missing. Give --user, or set FIREWORKS_USER_ID.",
            id="issue",
        ),
    ],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_what_is_missing_is_asked_for_in_the_words_of_each_command(
    options: list[str],
    line: list[str],
    words: str,
    issuant: Issuant,
    vendors: Vendors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As JSON, too; `field` stays the library's name."""
    monkeypatch.delenv("FIREWORKS_USER_ID")
    ended = issuant(*line, *options)
    assert ended.code == 2
    if options:
        error = json.loads(ended.err)
        assert f"{error['reason']} {error['advice']}" == words
        assert error["field"] in ("owner", "user_id")
    else:
        assert ended.err == f"issuant: {words}\n"


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        pytest.param(["issue", "galileo", "--show"], "name", "Missing option '--name'", id="a-missing-option"),
        pytest.param(["keys", "galileo", "--status", "gone"], "status", "is not one of", id="a-wrong-choice"),
        pytest.param(["key", "galileo"], "id", "Missing argument 'ID'", id="a-missing-argument"),
        pytest.param(["keys", "galileo", "--nothing"], None, "No such option", id="an-unknown-option"),
        pytest.param(["nothing"], None, "No such command 'nothing'", id="an-unknown-command"),
        pytest.param(["issue", "nobody"], "provider", "there is no provider", id="an-unknown-provider"),
        pytest.param(["issue", "galileo", "--name", "k"], "to", "neither --to nor --show", id="a-wrong-mixture"),
    ],
)
def test_a_wrong_call_is_json_where_that_is_asked_for(
    line: list[str], field: str | None, words: str, issuant: Issuant, vendors: Vendors
) -> None:
    """One object on standard error, with the keys of every other error; whoever finds it wrong."""
    ended = issuant(*line, "--json")
    assert (ended.code, ended.out) == (2, "")
    error = json.loads(ended.err)
    assert list(error) == list(UsageError("").as_dict())
    assert (error["error"], error["effect"], error["field"]) == ("UsageError", "none", field)
    assert words in error["reason"]
    assert error["advice"]
    assert error["provider"] == next((word for word in line if word in provider_names()), None)
    assert not vendors.requests


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(["keys", "--name", "galileo", "fireworks"], id="behind-a-name-like-it"),
        pytest.param(["keys", "--name=galileo", "--everyone", "fireworks", "--owner", "x"], id="behind-a-flag"),
    ],
)
def test_the_provider_of_an_error_is_the_one_that_was_given(
    line: list[str], issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stands on the line."""
    monkeypatch.delenv("FIREWORKS_USER_ID")
    error = json.loads(issuant(*line, "--json").err)
    assert (error["field"], error["provider"]) == ("owner", "fireworks")


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_the_doctor_speaks_as_the_command_does(
    options: list[str], issuant: Issuant, vendors: Vendors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what a question failed over."""
    monkeypatch.delenv("FIREWORKS_USER_ID")
    ended = issuant("doctor", "fireworks", *options)
    assert "Set FIREWORKS_USER_ID." in ended.out
    assert "Give " not in ended.out
