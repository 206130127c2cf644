"""`issuant secret`: a value comes from standard input or a prompt, and shows nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors
from tests.cli.terminal import on_terminal
from tests.issuant.providers.documents import operations, sent_fields

VALUE = "value_TEST_not_a_key"
PUT = ("secret", "put", "fireworks", "my-id", "--key-name", "MY_KEY")
NAME = "accounts/mock-account/secrets/my-id"


@pytest.mark.parametrize(
    ("stdin", "value"),
    [
        pytest.param(VALUE, VALUE, id="as-it-is"),
        pytest.param(f"{VALUE}\n", VALUE, id="line-break-of-echo"),
        pytest.param(f"{VALUE}\r\n", VALUE, id="line-break-of-windows"),
        pytest.param(f"{VALUE}\n\n", f"{VALUE}\n", id="one-line-break-alone-is-dropped"),
        pytest.param("a b\nc\n", "a b\nc", id="several-lines"),
        pytest.param("a\r\nb", "a\r\nb", id="line-breaks-within-stay-as-they-are"),
        pytest.param(" ключ ", " ключ ", id="blanks-and-another-alphabet"),
    ],
)
def test_a_secret_comes_from_standard_input(stdin: str, value: str, issuant: Issuant, vendors: Vendors) -> None:
    """What is stored is what was piped in, but for one line break at the end."""
    ended = issuant(*PUT, "--json", stdin=stdin.encode())
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == {
        "provider": "fireworks",
        "outcome": "stored",
        "id": "my-id",
        "name": NAME,
        "key_name": "MY_KEY",
        "request_id": None,
    }
    assert vendors.fireworks.secrets[NAME].value == value
    assert VALUE not in ended.out


def test_a_line_break_at_the_end_can_be_kept(issuant: Issuant, vendors: Vendors) -> None:
    """Where it is part of the value; the help tells both."""
    assert issuant(*PUT, "--keep-newline", stdin=f"{VALUE}\n".encode()).code == 0
    assert vendors.fireworks.secrets[NAME].value == f"{VALUE}\n"
    assert "One line break at the end" in issuant("secret", "put", "--help").out


def test_every_field_of_the_document_can_be_given(issuant: Issuant, vendors: Vendors) -> None:
    """The account as well."""
    ended = issuant(*PUT, "--account", vendors.fireworks.account_id, stdin=VALUE.encode())
    assert (ended.code, ended.err) == (0, "")
    operation = operations("issuant_fireworks")["CreateSecret"]
    (request,) = vendors.requests
    assert sent_fields(json.loads(request.body), operation.request) == operation.request_fields()
    assert request.path == operation.path.format(account_id=vendors.fireworks.account_id)
    assert NAME in ended.out
    assert VALUE not in ended.out


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        pytest.param(b"", "VALUE on standard input: it is empty", id="empty"),
        pytest.param(b"\n", "VALUE on standard input: it is empty", id="line-break-alone"),
        pytest.param(b"\xff_TEST\xfe", "not UTF-8", id="no-text"),
    ],
)
def test_a_standard_input_without_a_value_is_refused(
    stdin: bytes, words: str, issuant: Issuant, vendors: Vendors
) -> None:
    """Nothing is sent."""
    ended = issuant(*PUT, stdin=stdin)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "_TEST" not in ended.err
    assert vendors.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            ["secret", "put", "galileo", "my-id", "--key-name", "K"], "Galileo stores no secrets", id="galileo"
        ),
        pytest.param(["secret", "put", "nobody", "my-id", "--key-name", "K"], "there is no provider", id="nobody"),
        pytest.param(["secret", "put", "fireworks", "My_Id", "--key-name", "K"], "ID: ", id="bad-id"),
        pytest.param(["secret", "put", "fireworks", "my-id", "--key-name", "k"], "--key-name: ", id="bad-key-name"),
        pytest.param(["secret", "put", "fireworks", "my-id"], "--key-name", id="no-key-name"),
        pytest.param([*PUT, "--account", "a/b"], "--account: ", id="bad-account"),
        pytest.param([*PUT, VALUE], "unexpected extra argument", id="the-value-as-an-argument"),
    ],
)
def test_a_wrong_call_stores_nothing(arguments: list[str], words: str, issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 2, without a traceback."""
    ended = issuant(*arguments, stdin=VALUE.encode())
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert vendors.requests == []


@pytest.mark.parametrize(("fault", "code"), [("status:403", 1), ("status:500", 4), ("drop-after", 4)])
def test_a_refusal_says_whether_it_was_stored(fault: str, code: int, issuant: Issuant, vendors: Vendors) -> None:
    """The value is in no account of it."""
    vendors.fireworks.faults.clear()
    vendors.fireworks.faults.add(Fault.parse(fault))
    ended = issuant(*PUT, "--json", "--retries", "1", stdin=VALUE.encode())
    assert (ended.code, ended.out) == (code, "")
    assert json.loads(ended.err)["operation"] == "put_secret"
    assert VALUE not in ended.err


def test_a_terminal_is_asked_twice_and_shows_nothing(script: Path, vendors: Vendors) -> None:
    """The value is not echoed."""
    shown = on_terminal(script, *PUT, answers=[VALUE, VALUE])
    assert shown.code == 0, shown.text
    assert vendors.fireworks.secrets[NAME].value == VALUE
    assert VALUE not in shown.text
    assert "Value" in shown.text


def test_a_secret_that_is_there_is_replaced_and_the_account_says_so(issuant: Issuant, vendors: Vendors) -> None:
    """Under the same id."""
    assert issuant(*PUT, stdin=b"old_TEST_not_a_key").code == 0
    ended = issuant(*PUT, "--json", stdin=VALUE.encode())
    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["outcome"] == "replaced"
    assert vendors.fireworks.secrets[NAME].value == VALUE


def test_a_secret_is_not_replaced_where_that_is_ruled_out(issuant: Issuant, vendors: Vendors) -> None:
    """It ends with 1, and the old value stays."""
    assert issuant(*PUT, stdin=b"old_TEST_not_a_key").code == 0
    ended = issuant(*PUT, "--no-replace", stdin=VALUE.encode())
    assert (ended.code, ended.out) == (1, "")
    assert "already" in ended.err
    assert vendors.fireworks.secrets[NAME].value == "old_TEST_not_a_key"


def test_secrets_are_listed_without_their_values(issuant: Issuant, vendors: Vendors) -> None:
    """Separated by tabs, or as an object in each line."""
    for number in range(3):
        assert issuant("secret", "put", "fireworks", f"s{number}", "--key-name", "K", stdin=VALUE.encode()).code == 0
    plain, as_json = issuant("secret", "list", "fireworks"), issuant("secret", "list", "fireworks", "--json")
    rows = [line.split("\t") for line in plain.out.splitlines()]
    assert rows == [[f"s{n}", "K", f"accounts/mock-account/secrets/s{n}"] for n in range(3)]
    assert [json.loads(line)["id"] for line in as_json.out.splitlines()] == ["s0", "s1", "s2"]
    assert (plain.code, as_json.code) == (0, 0)
    assert VALUE not in plain.out + as_json.out


def test_one_secret_is_shown_without_its_value(issuant: Issuant, vendors: Vendors) -> None:
    """And one that is not there ends with 1."""
    assert issuant(*PUT, stdin=VALUE.encode()).code == 0
    ended = issuant("secret", "get", "fireworks", "my-id", "--json")
    assert (ended.code, json.loads(ended.out)["key_name"]) == (0, "MY_KEY")
    assert VALUE not in ended.out
    assert issuant("secret", "get", "fireworks", "another").code == 1


def test_a_secret_is_deleted_unasked_with_yes(issuant: Issuant, vendors: Vendors) -> None:
    """One request, and it is gone; a second time it is not found."""
    assert issuant(*PUT, stdin=VALUE.encode()).code == 0
    vendors.requests.clear()
    ended = issuant("secret", "delete", "fireworks", "my-id", "--yes", "--json")
    assert (ended.code, json.loads(ended.out)["outcome"]) == (0, "deleted")
    assert not vendors.fireworks.secrets
    assert [request.method for request in vendors.requests] == ["DELETE"]
    assert issuant("secret", "delete", "fireworks", "my-id", "--yes").code == 1


def test_a_secret_is_not_deleted_where_nobody_can_be_asked(issuant: Issuant, vendors: Vendors) -> None:
    """Nothing is sent."""
    assert issuant(*PUT, stdin=VALUE.encode()).code == 0
    vendors.requests.clear()
    ended = issuant("secret", "delete", "fireworks", "my-id", stdin=b"y\n")
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert not vendors.requests
    assert vendors.fireworks.secrets


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)], ids=["yes", "no", "nothing-typed"])
def test_a_person_is_shown_the_secret_and_asked(
    answer: str, code: int, issuant: Issuant, script: Path, vendors: Vendors
) -> None:
    """No is what is taken for granted."""
    assert issuant(*PUT, stdin=VALUE.encode()).code == 0
    shown = on_terminal(script, "secret", "delete", "fireworks", "my-id", answers=[answer])
    assert shown.code == code, shown.text
    assert "MY_KEY" in shown.text
    assert bool(vendors.fireworks.secrets) is (code == 1)
