"""`issuant secret put`: the value comes from standard input or a prompt, and shows nowhere."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest
from issuant.mocks import Fault

from tests.cli.conftest import Issuant, Vendors
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
        pytest.param(b"", "standard input is empty", id="empty"),
        pytest.param(b"\n", "standard input is empty", id="line-break-alone"),
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
        pytest.param(["secret", "put", "galileo", "my-id", "--key-name", "K"], "stores no secrets", id="galileo"),
        pytest.param(["secret", "put", "nobody", "my-id", "--key-name", "K"], "there is no provider", id="nobody"),
        pytest.param(["secret", "put", "fireworks", "My_Id", "--key-name", "K"], "id: ", id="bad-id"),
        pytest.param(["secret", "put", "fireworks", "my-id", "--key-name", "k"], "key_name: ", id="bad-key-name"),
        pytest.param(["secret", "put", "fireworks", "my-id"], "--key-name", id="no-key-name"),
        pytest.param([*PUT, "--account", "a/b"], "account_id: ", id="bad-account"),
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


@pytest.mark.parametrize(("fault", "code"), [("status:409", 1), ("status:500", 4), ("drop-after", 4)])
def test_a_refusal_says_whether_it_was_stored(fault: str, code: int, issuant: Issuant, vendors: Vendors) -> None:
    """The value is in no account of it."""
    vendors.fireworks.faults.clear()
    vendors.fireworks.faults.add(Fault.parse(fault))
    ended = issuant(*PUT, "--json", stdin=VALUE.encode())
    assert (ended.code, ended.out) == (code, "")
    assert json.loads(ended.err)["operation"] == "put_secret"
    assert VALUE not in ended.err


def typed(script: Path, answers: list[bytes]) -> tuple[int, bytes]:
    """Run `secret put` on a terminal, type each answer when it is asked for, and return its code and what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([script, *PUT], stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ)
    os.close(theirs)
    shown = b""
    asked = 0
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        if not select.select([ours], [], [], 0.1)[0]:
            continue
        try:
            shown += os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if asked < len(answers) and shown.count(b": ") > asked:
            os.write(ours, answers[asked] + b"\n")
            asked += 1
    code = process.wait(5)
    os.close(ours)
    return code, shown


def test_a_terminal_is_asked_twice_and_shows_nothing(script: Path, vendors: Vendors) -> None:
    """The value is not echoed."""
    code, shown = typed(script, [VALUE.encode(), VALUE.encode()])
    assert code == 0, shown
    assert vendors.fireworks.secrets[NAME].value == VALUE
    assert VALUE.encode() not in shown
    assert b"Value" in shown
