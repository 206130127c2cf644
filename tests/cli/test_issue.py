"""`issuant issue`: every option, where the value goes, and what happens when something goes wrong."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_csr
from issuant.auth.fireblocks import make_key_pair
from issuant.errors import Effect
from issuant.mocks import Fault
from issuant.providers import find_provider, provider_names
from issuant.providers.fireblocks import CO_SIGNER_SETUPS
from issuant.secret import Secret
from issuant.sinks.atomic import replace_file

from tests.cli.conftest import Issuant, Vendors, break_sinks
from tests.contract.exchanges import exchange
from tests.contract.unlisted import arguments, unlisted
from tests.issuant.providers.documents import PACKAGES, operations, sent_fields

KEYS = ["provider", "outcome", "id", "name", "expires_at", "request_id", "idempotency_key", "stored_in"]
PROJECT = "6f1b2c3d-0000-4000-8000-000000000001"
MINE = "galileo_TEST_mine_not_a_key"
LEAST = {"fireworks": [], "galileo": [], "fireblocks": ["--role", "VIEWER"]}
ISSUED = {"fireworks": "fw_TEST_issued_0001_not_a_key", "galileo": "galileo_TEST_issued_0001_not_a_key"}
ISSUED |= {name: value for name in unlisted(LEAST) if (value := exchange(name, "issue").value)}
LEAST |= {name: arguments(name) for name in unlisted(LEAST)}
DONE = {name: 3 if find_provider(name).capabilities.needs_approval else 0 for name in provider_names()}
each_provider = pytest.mark.parametrize("name", provider_names())
that_issue = pytest.mark.parametrize("name", ISSUED)


def shows_anything_in_half(name: str) -> bool:
    found = exchange(name, "issue")
    return found.shows(found.id) or found.shows(found.value)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small keys: how large they are is another test's question."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)


@pytest.fixture
def csr(tmp_path: Path) -> Path:
    path = tmp_path / "request.pem"
    path.write_text(make_key_pair("k").csr_pem)
    return path


def is_empty(vendors: Vendors) -> bool:
    """Tell whether nothing was created anywhere: one key and one user stand there from the start."""
    return (
        len(vendors.fireworks.keys) == 1
        and not vendors.fireworks.secrets
        and not vendors.galileo.keys
        and len(vendors.fireblocks.users) == 1
        and not vendors.fireblocks.approvals
    )


def no_secret_in(text: str) -> None:
    assert "_not_a_key" not in text
    assert "PRIVATE KEY" not in text


def test_every_option_of_fireworks_arrives(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """Every field of the document is sent, with the values of the options."""
    ended = issuant(
        *("issue", "fireworks", "--name", "nightly", "--expires", "30d", "--to", f"file:{tmp_path / 'key'}"),
        *("--account", vendors.fireworks.account_id, "--user", "someone", "--json"),
        *("--annotation", "team=evals", "--annotation", "why=a=b"),
    )
    assert (ended.code, ended.err) == (0, "")
    (request,) = vendors.requests
    operation = operations("issuant_fireworks")["CreateApiKey"]
    body = json.loads(request.body)
    assert sent_fields(body, operation.request) == operation.request_fields()
    assert request.path == f"/v1/accounts/{vendors.fireworks.account_id}/users/someone/apiKeys"
    assert body["apiKey"]["displayName"] == "nightly"
    assert body["apiKey"]["annotations"] == {"team": "evals", "why": "a=b"}
    assert (tmp_path / "key").read_text() == ISSUED["fireworks"]
    no_secret_in(ended.out)


def test_every_option_of_fireblocks_arrives(issuant: Issuant, vendors: Vendors, csr: Path) -> None:
    """With a request of one's own, there is no value to store or show."""
    ended = issuant(
        *("issue", "fireblocks", "--name", "nightly", "--role", "signer", "--co-signer", "SGX_MACHINE"),
        *("--first-user", "--csr", str(csr), "--idempotency-key", "idem-1", "--show", "--json"),
    )
    assert (ended.code, ended.err) == (3, "")
    (request,) = vendors.requests
    operation = operations("issuant_fireblocks")["createApiUser"]
    body = json.loads(request.body)
    assert sent_fields(body, operation.request) == operation.request_fields()
    assert (body["role"], body["coSignerSetupIsFirstUser"]) == ("SIGNER", True)
    assert body["csrPem"] == csr.read_text()
    assert request.headers["Idempotency-Key"] == "idem-1"
    shown = json.loads(ended.out)
    assert list(shown) == KEYS
    assert (shown["outcome"], shown["id"], shown["idempotency_key"]) == ("pending_approval", None, "idem-1")
    assert [shown["request_id"]] == list(vendors.fireblocks.approvals)


def test_every_option_of_galileo_arrives(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """A value of one's own comes from standard input."""
    ended = issuant(
        *("issue", "galileo", "--name", "nightly", "--expires", "2099-01-31T00:00:00Z", "--project", PROJECT),
        *("--project-role", "viewer", "--value-from", "-", "--to", f"env:{tmp_path / '.env'}#KEY", "--json"),
        stdin=f"{MINE}\n".encode(),
    )
    assert (ended.code, ended.err) == (0, "")
    (request,) = vendors.requests
    operation = operations("issuant_galileo")["create_api_key"]
    body = json.loads(request.body)
    assert sent_fields(body, operation.request) == operation.request_fields()
    assert (body["api_key"], body["project_id"], body["project_role"]) == (MINE, PROJECT, "viewer")
    assert (tmp_path / ".env").read_text() == f"KEY={MINE}\n"
    assert json.loads(ended.out)["expires_at"] == "2099-01-31T00:00:00+00:00"
    no_secret_in(ended.out)


def test_an_expiry_that_a_provider_has_not_is_refused_by_its_option(issuant: Issuant, vendors: Vendors) -> None:
    """And the help says so beforehand."""
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--show", "--expires", "30d")
    assert ended.code == 2
    assert ended.err.startswith("issuant: --expires: a Fireblocks API user cannot expire.")
    assert re.search(r"--expires TEXT +Fireblocks has none\.", issuant("issue", "fireblocks", "--help").out)
    assert "30d" in issuant("issue", "galileo", "--help").out


def test_every_operation_that_issues_is_tried_above() -> None:
    """What else the documents create is a secret, a user and a pairing token, which have commands of their own."""
    found = {name for package in PACKAGES for name in operations(package)}
    making = {name for name in found if name.lower().startswith(("create", "issue"))}
    others = {"CreateSecret", "CreateUser", "issueApiUserPairingToken"}
    assert making - others == {"CreateApiKey", "createApiUser", "create_api_key"}


@each_provider
def test_every_option_is_in_the_help(name: str, issuant: Issuant) -> None:
    """With what it is for, and without a connection."""
    ended = issuant("issue", name, "--help")
    assert ended.code == 0
    for option in find_provider(name).options:
        both_ways = " / ".join(option.flag.split("/"))
        assert re.search(rf"^  {both_ways}\b", ended.out, re.MULTILINE), option.flag


@each_provider
@pytest.mark.parametrize("show", [False, True], ids=["to", "show"])
def test_the_json_has_these_keys_and_no_other(
    name: str, show: bool, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """The value is among them only where it was asked for."""
    place = f"file:{tmp_path / 'key'}"
    ended = issuant("issue", name, "--name", "k", *LEAST[name], "--json", *(["--show"] if show else ["--to", place]))
    assert (ended.code, ended.err) == (DONE[name], "")
    assert ended.out.count("\n") == 1
    shown = json.loads(ended.out)
    assert list(shown) == KEYS + (["value"] if show else [])
    assert shown["provider"] == name
    assert shown["outcome"] == ("pending_approval" if find_provider(name).capabilities.needs_approval else "issued")
    assert (shown["name"], shown["expires_at"]) == ("k", None)
    assert shown["stored_in"] == (None if show else place)
    value = shown["value"] if show else (tmp_path / "key").read_text()
    if name in ISSUED:
        assert value == ISSUED[name]
    else:
        load_pem_private_key(value.encode(), password=None)
    if not show:
        no_secret_in(ended.out)


@each_provider
def test_the_plain_account_is_readable_and_has_no_value(
    name: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Names and values in two columns; what people have to do before is said on standard error."""
    ended = issuant("issue", name, "--name", "nightly", *LEAST[name], "--to", f"env:{tmp_path / '.env'}#KEY")
    assert ended.code == DONE[name]
    assert re.search(r"^name +nightly$", ended.out, re.MULTILINE)
    assert re.search(rf"^stored_in +env:{tmp_path}/.env#KEY$", ended.out, re.MULTILINE)
    if name in ISSUED:
        assert re.search(r"^expires_at +never$", ended.out, re.MULTILINE)
        assert ended.err == ""
    else:
        people, follow = ended.err.splitlines()
        assert people.startswith("People have to approve")
        assert re.fullmatch(rf"What becomes of it: issuant approvals {name} .*--name nightly", follow)
    assert "None" not in ended.out
    no_secret_in(ended.out)


def test_a_value_of_several_lines_is_shown_as_it_is(issuant: Issuant, vendors: Vendors) -> None:
    """From the first column to the end of what is printed, so that it can be taken off there."""
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--show")
    before, value = ended.out.split("\nvalue\n")
    assert before.splitlines()[-1].startswith("idempotency_key ")
    assert value.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert value.endswith("\n-----END PRIVATE KEY-----\n")
    load_pem_private_key(value.encode(), password=None)


@pytest.mark.parametrize("sink", [["--to", "file:made"], ["--show"]], ids=["stored", "shown"])
def test_a_lost_request_is_repeated_by_the_command_that_is_told(
    sink: list[str], issuant: Issuant, vendors: Vendors
) -> None:
    """It brings the first reply again, and asks for nothing twice."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.drop_after())
    options = ["--role", "SIGNER", "--co-signer", CO_SIGNER_SETUPS[0], "--no-first-user"]
    lost = issuant("issue", "fireblocks", "--name", "a name", *options, *sink, "--retries", "1")
    assert lost.code == 4, lost.err
    (line,) = re.findall(r"`(issuant issue [^`]*)` repeats it\.", lost.err)
    assert "PRIVATE KEY" not in line
    words = shlex.split(line)
    assert words[1:5] == ["issue", "fireblocks", "--name", "a name"]
    again = issuant(*words[1:])
    assert again.code == 3, again.err
    assert len(vendors.fireblocks.approvals) == 1


def test_a_repetition_goes_to_the_same_place(issuant: Issuant, vendors: Vendors) -> None:
    """With a certificate request of the caller's own, and in JSON, where FILE is to hold that of the error."""
    base_url = os.environ["FIREBLOCKS_BASE_PATH"]
    line = ["issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--show", "--json", "--base-url", base_url]
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.drop_after())
    error = json.loads(issuant(*line, "--retries", "1").err)
    assert error["advice"].endswith(
        f"`issuant issue fireblocks --name k --role VIEWER --csr FILE --idempotency-key {error['idempotency_key']} "
        f"--base-url {base_url}` repeats it."
    )


def test_a_request_whose_key_is_used_up_is_not_to_be_repeated_with_it(issuant: Issuant, vendors: Vendors) -> None:
    """An internal error uses it up; no command would be right."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.status(500))
    key = ("--idempotency-key", "mine")
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--to", "file:made", *key)
    assert ended.code == 4, ended.err
    assert "repeats it" not in ended.err


def test_a_private_key_whose_request_was_refused_is_of_no_use(issuant: Issuant, vendors: Vendors) -> None:
    """Where it is stands there once, with what to do about it."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.status(403))
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--to", "file:made")
    assert ended.code == 1
    assert "The private key in file:made is of no use now" in ended.err
    assert "The value is in" not in ended.err


def test_options_before_the_provider_are_told_their_place(issuant: Issuant, vendors: Vendors) -> None:
    """They are those of the provider's own command."""
    ended = issuant("issue", "--name", "k", "galileo", "--show")
    assert (ended.code, ended.out) == (2, "")
    assert "Options come after the provider." in ended.err


def test_a_private_key_goes_round_through_an_env_file(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """Its lines, and the lines around it."""
    path = tmp_path / ".env"
    path.write_text("A=1 # one\n")
    assert issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--to", f"env:{path}#KEY").code == 3
    text = path.read_text()
    assert text.startswith("A=1 # one\nKEY='-----BEGIN PRIVATE KEY-----\n")
    load_pem_private_key(text.partition("'")[2].partition("'")[0].encode(), password=None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@each_provider
@pytest.mark.parametrize(
    ("places", "words"),
    [
        pytest.param([], "neither --to nor --show", id="neither"),
        pytest.param(["--show", "--to", "file:key"], "both --to and --show", id="both"),
        pytest.param(["--to", "vault:x"], "names no sink", id="no-sink"),
        pytest.param(["--to", "file:/no/such/folder/key"], "cannot be written", id="a-sink-that-cannot-be-written"),
        pytest.param(["--to", "env:.env#1KEY"], "no name of a variable", id="a-variable-without-a-name"),
        pytest.param(["--show", "--expires", "soon"], "neither a lifetime nor a time", id="a-bad-expiry"),
        pytest.param(["--show", "--server", "moon"], "has no server 'moon'. Name one of: ", id="a-bad-server"),
        pytest.param(["--show", "--base-url", "http://mine.example"], "plain http", id="plain-http"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(
    name: str, places: list[str], words: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """One paragraph on standard error, exit code 2, and no request."""
    ended = issuant("issue", name, "--name", "k", *LEAST[name], *places)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert ended.err.startswith("issuant: ")
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.err
    assert vendors.requests == []
    assert is_empty(vendors)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param("30d", timedelta(days=30), id="days"),
        pytest.param("12h", timedelta(hours=12), id="hours"),
        pytest.param("90m", timedelta(minutes=90), id="minutes"),
        pytest.param("45s", timedelta(seconds=45), id="seconds"),
        pytest.param("2w", timedelta(weeks=2), id="weeks"),
    ],
)
def test_a_lifetime_counts_from_now(text: str, after: timedelta, issuant: Issuant, vendors: Vendors) -> None:
    """In minutes, hours, days or weeks."""
    before = datetime.now(UTC)
    ended = issuant("issue", "galileo", "--name", "k", "--expires", text, "--show", "--json")
    expires = datetime.fromisoformat(json.loads(ended.out)["expires_at"])
    assert before + after - timedelta(seconds=1) <= expires <= datetime.now(UTC) + after


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        pytest.param("2099-01-31T00:00:00Z", "2099-01-31T00:00:00+00:00", id="utc"),
        pytest.param("2099-01-31T00:00:00+02:00", "2099-01-31T00:00:00+02:00", id="offset"),
    ],
)
def test_a_time_is_taken_as_it_is(text: str, iso: str, issuant: Issuant, vendors: Vendors) -> None:
    """With its offset."""
    ended = issuant("issue", "galileo", "--name", "k", "--expires", text, "--show", "--json")
    assert datetime.fromisoformat(json.loads(ended.out)["expires_at"]) == datetime.fromisoformat(iso)


@pytest.mark.parametrize(
    "text",
    ["", "30", "30y", "-3d", "0d", "1.5h", "2099-01-31", "2099-01-31T00:00:00", "2019-01-31T00:00:00Z", "999999w"],
)
def test_an_expiry_that_cannot_be_is_refused(text: str, issuant: Issuant, vendors: Vendors) -> None:
    """Without a unit, without a timezone, past, none at all, or beyond the calendar."""
    ended = issuant("issue", "galileo", "--name", "k", f"--expires={text}", "--show", "--json")
    assert (ended.code, ended.out) == (2, "")
    shown = json.loads(ended.err)
    assert shown["error"] == "InvalidRequestError"
    assert shown["field"] in ("expires", "expires_in", "expires_at")
    assert is_empty(vendors)


@pytest.mark.parametrize("text", ["team", "=evals", ""])
def test_an_annotation_is_a_name_and_a_value(text: str, issuant: Issuant, vendors: Vendors) -> None:
    """The error says how to write it."""
    ended = issuant("issue", "fireworks", "--name", "k", "--show", "--annotation", text)
    assert ended.code == 2
    assert "--annotation NAME=VALUE" in ended.err
    assert is_empty(vendors)


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\n", "empty", id="line-break-alone"),
        pytest.param(b"a b\n", "blank", id="blank"),
        pytest.param(b"\xff\xfe_TEST\n", "not UTF-8", id="no-text"),
    ],
)
def test_a_value_of_ones_own_that_cannot_be_one_is_refused(
    stdin: bytes, words: str, issuant: Issuant, vendors: Vendors
) -> None:
    """Before anything is sent, and without showing it."""
    ended = issuant("issue", "galileo", "--name", "k", "--value-from", "-", "--show", stdin=stdin)
    assert ended.code == 2
    assert words in ended.err
    assert "_TEST" not in ended.err
    assert is_empty(vendors)


def test_a_value_of_ones_own_may_come_from_a_file(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """A line break at its end, also one of Windows, is not part of it."""
    for number, end in enumerate(("", "\n", "\r\n")):
        (tmp_path / "value").write_bytes(f"{MINE}{number}{end}".encode())
        ended = issuant("issue", "galileo", "--name", "k", "--value-from", str(tmp_path / "value"), "--show", "--json")
        assert json.loads(ended.out)["value"] == f"{MINE}{number}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"no request", "not one certificate signing request", id="no-pem"),
        pytest.param(b"0\x82\x04\xff\xfe", "not UTF-8", id="der"),
    ],
)
def test_a_csr_that_is_none_is_refused(
    content: bytes, words: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """A binary one, as openssl writes it when asked to, is told from text."""
    (tmp_path / "request").write_bytes(content)
    ended = issuant(
        "issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--csr", str(tmp_path / "request"), "--show"
    )
    assert ended.code == 2
    assert words in ended.err
    assert is_empty(vendors)


def test_a_csr_of_ones_own_leaves_nothing_to_store(
    issuant: Issuant, vendors: Vendors, csr: Path, tmp_path: Path
) -> None:
    """A sink would stay empty, so it is refused."""
    ended = issuant(
        *("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--csr", str(csr)),
        *("--to", f"file:{tmp_path / 'key'}"),
    )
    assert ended.code == 2
    assert "no value to store" in ended.err
    assert is_empty(vendors)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["issue", "nobody"], "there is no provider 'nobody'", id="unknown-provider"),
        pytest.param(["issue", "galileo", "--show"], "Missing option '--name'", id="no-name"),
        pytest.param(
            ["issue", "galileo", "--name", "k", "--show", "--role", "x"], "No such option", id="unknown-option"
        ),
        pytest.param(
            ["issue", "fireblocks", "--name", "k", "--show", "--role", "boss"], "is not one of", id="bad-role"
        ),
        pytest.param(["issue", "galileo", "--name", "", "--show"], "the name is empty", id="empty-name"),
        pytest.param(
            ["issue", "galileo", "--name", "k", "--show", "--value-from", "/no/file"],
            "--value-from: /no/file: No such file or directory. Name a file that can be read",
            id="no-file",
        ),
        pytest.param(["issue", "galileo", "--name", "k", "--show", "--timeout", "0"], "range", id="no-time-at-all"),
        pytest.param(["nothing"], "No such command 'nothing'", id="unknown-command"),
    ],
)
def test_a_wrong_call_ends_with_2(arguments: list[str], words: str, issuant: Issuant, vendors: Vendors) -> None:
    """On standard error, without a traceback."""
    ended = issuant(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert is_empty(vendors)


@each_provider
def test_a_missing_credential_ends_with_2(name: str, issuant: Issuant) -> None:
    """The variable is named, and what it holds."""
    ended = issuant("issue", name, "--name", "k", *LEAST[name], "--show")
    assert (ended.code, ended.out) == (2, "")
    assert re.search(r"[A-Z_]+_API_KEY is not set\. Set it to ", ended.err)


@each_provider
@pytest.mark.parametrize(
    ("fault", "code", "effect"),
    [
        pytest.param("status:403", 1, Effect.NONE, id="refused"),
        pytest.param("status:429", 1, Effect.NONE, id="limited"),
        pytest.param("status:503", 4, Effect.UNKNOWN, id="failed"),
        pytest.param("html-502", 4, Effect.UNKNOWN, id="html"),
        pytest.param("drop-after", 4, Effect.UNKNOWN, id="lost"),
    ],
)
def test_the_exit_code_tells_whether_anything_was_created(
    name: str, fault: str, code: int, effect: Effect, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Plain or as JSON, an error goes to standard error and has no value in it."""
    for as_json in (False, True):
        vendors.simulators[name].faults.clear()
        vendors.simulators[name].faults.plan(f"{fault}*9")
        place = f"file:{tmp_path / str(as_json)}"
        ended = issuant(
            *("issue", name, "--name", "k", *LEAST[name], "--to", place, "--retries", "1"),
            *(["--json"] if as_json else []),
        )
        assert (ended.code, ended.out) == (code, "")
        assert "Traceback" not in ended.err
        no_secret_in(ended.err)
        *aside, told = ended.err.splitlines()
        keeps_request = name == "fireblocks" and effect is Effect.UNKNOWN and not as_json
        assert ["certificate request is kept in" in line for line in aside] == [True] * keeps_request
        if as_json:
            shown = json.loads(told)
            assert (shown["provider"], shown["operation"], shown["effect"]) == (name, "issue", effect.value)
        else:
            assert told.startswith(f"issuant: {name} issue: ")


@pytest.mark.parametrize(
    ("name", "fault", "code"),
    [
        pytest.param(name, fault, code, id=f"{name}-{fault}")
        for name in ISSUED
        for fault, code in (("truncated", 5 if shows_anything_in_half(name) else 4), ("empty", 4))
    ],
)
def test_a_reply_that_cannot_be_used_is_no_success(
    name: str, fault: str, code: int, issuant: Issuant, vendors: Vendors
) -> None:
    """A key was made; where the reply shows its id, the account says what to revoke."""
    vendors.simulators[name].faults.clear()
    vendors.simulators[name].faults.add(Fault.parse(fault))
    ended = issuant("issue", name, "--name", "k", "--to", "file:key", "--json")
    assert ended.code == code
    shown = json.loads(ended.err.splitlines()[-1])
    assert shown["error"] == "UnusableReplyError"
    if fault == "truncated" and exchange(name, "issue").shows(exchange(name, "issue").id):
        assert shown["id"] == exchange(name, "issue").id


@that_issue
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_value_whose_sink_fails_is_kept_in_a_file(
    name: str, options: list[str], issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 5; its owner alone can read it, and the account says where it is."""
    break_sinks(monkeypatch, tmp_path / "key")
    ended = issuant("issue", name, "--name", "k", *LEAST[name], "--to", f"file:{tmp_path / 'key'}", *options)
    assert (ended.code, ended.out) == (5, "")
    no_secret_in(ended.err)
    found = re.search(r"is kept in (\S+);", ended.err)
    assert found is not None
    kept = Path(found[1])
    if options:
        warning, error = map(json.loads, ended.err.splitlines())
        assert (warning["warning"], warning["kept_in"], warning["id"]) == ("ValueKept", str(kept), error["id"])
    assert "`secret`" not in ended.err
    assert kept.read_text() == ISSUED[name]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.is_relative_to(tmp_path / "state" / "issuant" / "rescued")
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert "No space left on device" in ended.err


def test_a_value_is_rescued_also_where_the_state_folder_cannot_be_made(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes to the state folder of the home then, and else to the one for temporary files."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    break_sinks(monkeypatch, tmp_path / "key")
    at_home = tmp_path / "home" / ".local" / "state" / "issuant" / "rescued"
    (tmp_path / "state").write_text("in the way")
    assert issuant("issue", "galileo", "--name", "k", "--to", f"file:{tmp_path / 'key'}").code == 5
    (kept,) = at_home.iterdir()
    assert kept.read_text() == ISSUED["galileo"]
    assert list((tmp_path / "temporary").iterdir()) == []

    kept.unlink()
    at_home.rmdir()
    at_home.write_text("in the way")
    assert issuant("issue", "galileo", "--name", "k", "--to", f"file:{tmp_path / 'key'}").code == 5
    (kept,) = (tmp_path / "temporary").iterdir()
    assert kept.read_text() == ISSUED["galileo"].replace("0001", "0002")


def refuse_every_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no rescued value be written anywhere: root, who may run the tests, is refused by no mode of a folder."""
    import tempfile

    mkstemp = tempfile.mkstemp

    def failing(*, dir: Any, prefix: str) -> tuple[int, str]:  # noqa: A002 - the name that mkstemp has for it
        if prefix == "issuant-rescued-":
            raise OSError(30, "Read-only file system")
        return mkstemp(dir=dir, prefix=prefix)

    monkeypatch.setattr(tempfile, "mkstemp", failing)


def put_files_in_the_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put a file where each folder would be that a rescued value may go to, and remove the working folder."""
    (tmp_path / "in-the-way").write_text("x")
    for variable in ("XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "in-the-way"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "in-the-way" / "temporary"))
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
@pytest.mark.parametrize(
    "leave_no_place",
    [
        pytest.param(refuse_every_folder, id="every-folder-refuses"),
        pytest.param(
            put_files_in_the_way,
            id="the-working-folder-is-gone",
        ),
    ],
)
def test_a_value_that_can_be_kept_nowhere_is_said_to_be_lost(
    leave_no_place: Callable[[pytest.MonkeyPatch, Path], None],
    as_json: bool,
    issuant: Issuant,
    vendors: Vendors,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first error is told as it was, with the id by which the key is revoked."""
    leave_no_place(monkeypatch, tmp_path)
    break_sinks(monkeypatch, tmp_path / "key")
    place = f"file:{tmp_path / 'key'}"
    ended = issuant("issue", "galileo", "--name", "k", "--to", place, *(["--json"] if as_json else []))
    assert (ended.code, ended.out) == (5, "")
    assert "Traceback" not in ended.err
    assert "could not be kept" in ended.err
    assert "No space left on device" in ended.err
    (id_,) = vendors.galileo.keys
    assert id_ in ended.err.splitlines()[-1]
    if as_json:
        warning = json.loads(ended.err.splitlines()[0])
        assert (warning["warning"], warning["kept_in"], warning["id"]) == ("ValueLost", None, id_)
    no_secret_in(ended.err)


def test_a_value_is_rescued_also_where_nobody_has_a_home(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container whose user has no entry and no HOME."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    break_sinks(monkeypatch, tmp_path / "key")
    ended = issuant("issue", "galileo", "--name", "k", "--to", f"file:{tmp_path / 'key'}")
    assert ended.code == 5
    (kept,) = (tmp_path / "temporary").iterdir()
    assert kept.read_text() == ISSUED["galileo"]
    assert str(kept) in ended.err


def test_a_private_key_is_in_its_sink_when_the_reply_is_lost(
    issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """No second copy is made of it, and the account says where it is."""
    vendors.fireblocks.faults.add(Fault.drop_after())
    path = tmp_path / "key"
    ended = issuant(
        *("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--to", f"file:{path}", "--json", "--retries", "1")
    )
    assert ended.code == 4
    load_pem_private_key(path.read_bytes(), password=None)
    assert json.loads(ended.err.splitlines()[-1])["stored_in"] == f"file:{path}"
    assert not (tmp_path / "state").exists()


def test_a_private_key_is_shown_when_the_reply_is_lost_and_it_was_asked_for(issuant: Issuant, vendors: Vendors) -> None:
    """It goes to standard output, and the idempotency key to the account."""
    vendors.fireblocks.faults.add(Fault.drop_after())
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--show", "--retries", "1")
    assert ended.code == 4
    load_pem_private_key(ended.out.encode(), password=None)
    assert re.search(r"idempotency key [0-9a-f-]{36}", ended.err)
    assert "is on standard output" in ended.err
    no_secret_in(ended.err)


@pytest.mark.parametrize("kept_by", ["--show", "--to"])
def test_the_certificate_request_of_a_lost_reply_is_kept(
    kept_by: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """It fits the private key, wherever that went, so that the call can be repeated as it was."""
    vendors.fireblocks.faults.add(Fault.drop_after())
    path = tmp_path / "key"
    where = ["--show"] if kept_by == "--show" else ["--to", f"file:{path}"]
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", *where, "--retries", "1")
    assert ended.code == 4
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert f"the certificate request is kept in {kept}." in ended.err
    private_key = load_pem_private_key(path.read_bytes() if kept_by == "--to" else ended.out.encode(), password=None)
    assert private_key.public_key() == load_pem_x509_csr(kept.read_bytes()).public_key()


def test_a_certificate_request_of_ones_own_is_not_kept_again(
    issuant: Issuant, vendors: Vendors, csr: Path, tmp_path: Path
) -> None:
    """Its owner has it."""
    vendors.fireblocks.faults.add(Fault.drop_after())
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--csr", str(csr), "--retries", "1")
    assert ended.code == 4
    assert not (tmp_path / "state").exists()


ODD = {
    "id": PROJECT,
    "description": 12,
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00Z",
    "created_by": "6f1b2c3d-0000-4000-8000-000000000002",
    "truncated": "gal…",
    "api_key": MINE,
}


@pytest.mark.parametrize(
    ("name", "fault", "code", "outcome"),
    [
        pytest.param("fireblocks", Fault.drop_after(), 4, "unknown", id="unknown"),
        pytest.param("galileo", Fault.body(json.dumps(ODD).encode()), 5, "created", id="created"),
    ],
)
def test_an_error_that_carries_a_value_is_one_object_on_each_output(
    name: str, fault: Fault, code: int, outcome: str, issuant: Issuant, vendors: Vendors
) -> None:
    """A program finds the value on standard output, and what happened on standard error."""
    simulator = getattr(vendors, name)
    simulator.faults.clear()
    simulator.faults.add(fault)
    ended = issuant("issue", name, "--name", "k", *LEAST[name], "--show", "--json", "--retries", "1")
    assert ended.code == code
    assert (ended.out.count("\n"), ended.err.count("\n")) == (1, 1)
    shown, error = json.loads(ended.out), json.loads(ended.err)
    assert shown["outcome"] == error["effect"] == outcome
    assert shown["provider"] == error["provider"] == name
    assert shown["id"] == error["id"]
    assert shown["idempotency_key"] == error["idempotency_key"]
    if name == "galileo":
        assert (shown["value"], shown["id"]) == (MINE, PROJECT)
    else:
        private_key = load_pem_private_key(shown["value"].encode(), password=None)
        assert private_key.public_key() == load_pem_x509_csr(error["csr_pem"].encode()).public_key()
    no_secret_in(ended.err)


@pytest.mark.parametrize(
    ("flags", "sent"),
    [
        pytest.param([], None, id="neither"),
        pytest.param(["--first-user"], True, id="first"),
        pytest.param(["--no-first-user"], False, id="not-the-first"),
    ],
)
def test_a_first_user_is_one_is_none_or_is_left_open(
    flags: list[str], sent: bool | None, issuant: Issuant, vendors: Vendors
) -> None:
    """The document has three cases, and so has the option."""
    ended = issuant(
        *("issue", "fireblocks", "--name", "k", "--role", "SIGNER", "--co-signer", "SGX_MACHINE", "--show", *flags)
    )
    assert ended.code == 3
    (request,) = vendors.requests
    assert json.loads(request.body).get("coSignerSetupIsFirstUser") is sent


@pytest.mark.parametrize(
    ("options", "command"),
    [
        pytest.param([], "`issuant keys fireworks --name 'the lost one'`", id="the-environments-user"),
        pytest.param(
            ["--user", "someone"], "`issuant keys fireworks --name 'the lost one' --owner someone`", id="another-user"
        ),
    ],
)
def test_an_unknown_outcome_names_the_command_that_tells(
    options: list[str], command: str, issuant: Issuant, vendors: Vendors
) -> None:
    """With the owner it was issued for: the list of anybody else would say that there is none."""
    vendors.fireworks.faults.add(Fault.drop_after())
    ended = issuant("issue", "fireworks", "--name", "the lost one", "--to", "file:key", *options)
    assert ended.code == 4
    assert command in ended.err
    told = shlex.split(command.strip("`"))[1:]
    assert issuant(*told).out.split("\t")[1] == "the lost one"


@that_issue
@pytest.mark.parametrize("spec", ["file:{}/place", "env:{}/place#KEY"], ids=["file", "env"])
def test_a_value_that_may_be_in_use_is_written_over_where_that_is_said(
    name: str, spec: str, issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Otherwise it is refused before anything is created, and stays; the error names the option."""
    path, sink = tmp_path / "place", spec.format(tmp_path)
    before = "KEY=old_TEST_not_a_key\n"
    path.write_text(before)
    refused = issuant("issue", name, "--name", "k", *LEAST[name], "--to", sink)
    assert (refused.code, refused.out) == (2, "")
    assert "holds a value already" in refused.err
    assert "--replace" in refused.err
    assert path.read_text() == before
    assert vendors.requests == []
    done = issuant("issue", name, "--name", "k", *LEAST[name], "--to", sink, "--replace")
    assert (done.code, done.err) == (0, "")
    assert ISSUED[name] in path.read_text()
    assert "old_TEST" not in path.read_text()


def test_a_private_key_is_not_written_over(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """The one that is there may be in use."""
    path = tmp_path / "key"
    path.write_text("in use")
    for options in ([], ["--replace"]):  # people may refuse the request, and the old key would be gone
        ended = issuant("issue", "fireblocks", "--name", "k", "--role", "VIEWER", "--to", f"file:{path}", *options)
        assert ended.code == 2
        assert "the request may be refused" in ended.err
        assert "--replace" not in ended.err
        assert path.read_text() == "in use"
    assert is_empty(vendors)


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_key_that_never_ends_in_its_own_zone_is_told(options: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """The last moment there is, west of Greenwich, is one that UTC has no year for."""
    vendors.fireworks.faults.clear()
    made = {"keyId": "k1", "key": ISSUED["fireworks"], "displayName": "k", "expireTime": "9999-12-31T23:59:59-12:00"}
    vendors.fireworks.faults.add(Fault.body(json.dumps(made).encode()))
    ended = issuant("issue", "fireworks", "--name", "k", "--show", *options)
    assert (ended.code, ended.err) == (0, "")
    assert "9999-12-31T23:59:59-12:00" in ended.out
    assert ISSUED["fireworks"] in ended.out


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(TypeError("a bug"), "TypeError", id="a-bug"),
        pytest.param(KeyboardInterrupt(), "it was interrupted", id="ctrl-c"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_whatever_goes_wrong_with_the_account_the_value_is_kept(
    as_json: bool,
    fault: BaseException,
    words: str,
    issuant: Issuant,
    vendors: Vendors,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends with 5, and says where the value is."""

    def failing(*given: object, **named: object) -> None:
        raise fault

    monkeypatch.setattr("issuant.cli.issue.print_made", failing)
    ended = issuant("issue", "galileo", "--name", "k", "--show", *(["--json"] if as_json else []))
    assert (ended.code, ended.out) == (5, "")
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == ISSUED["galileo"]
    assert str(kept) in ended.err
    assert words in ended.err
    no_secret_in(ended.err)


@pytest.mark.parametrize(
    ("fault", "code"), [(TypeError("a bug"), None), (KeyboardInterrupt(), 0)], ids=["a-bug", "ctrl-c"]
)
def test_what_goes_wrong_right_behind_the_making_costs_no_value(
    fault: BaseException,
    code: int | None,
    issuant: Issuant,
    vendors: Vendors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The account is printed; then a bug is told as what it is."""

    def failing(*given: object) -> None:
        raise fault

    monkeypatch.setattr("issuant.connection.Connection.close", failing)
    monkeypatch.setattr("issuant.connection.Connection.__exit__", failing)
    if code is None:
        with pytest.raises(TypeError, match="a bug"):
            issuant("issue", "galileo", "--name", "k", "--show")
        assert ISSUED["galileo"] in capsys.readouterr().out
    else:
        ended = issuant("issue", "galileo", "--name", "k", "--show")
        assert ended.code == code
        assert ISSUED["galileo"] in ended.out


def test_another_ctrl_c_waits_until_the_value_is_kept(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command ends with what is to be told of the key: its id, and where the value is."""
    break_sinks(monkeypatch, tmp_path / "key")
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)

    def disturbed(path: Path, value: Secret) -> None:
        signal.raise_signal(signal.SIGINT)
        replace_file(path, value)

    monkeypatch.setattr("issuant.cli.rescue.replace_file", disturbed)
    try:
        ended = issuant("issue", "galileo", "--name", "k", "--to", f"file:{tmp_path / 'key'}")
    finally:
        signal.signal(signal.SIGINT, previous)
    assert ended.code == 5
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == ISSUED["galileo"]
    assert str(kept) in ended.err
    assert next(iter(vendors.galileo.keys)) in ended.err


def test_a_bug_behind_a_create_costs_no_value(
    issuant: Issuant, vendors: Vendors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply had come: its value is kept, and the bug is told as what it is, with the key's id."""

    def failing(reply: object) -> None:
        raise TypeError("a bug")

    monkeypatch.setattr("issuant.providers.galileo.keys.read_issued", failing)
    with pytest.raises(TypeError, match="a bug") as caught:
        issuant("issue", "galileo", "--name", "k", "--to", f"file:{tmp_path / 'key'}")
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == ISSUED["galileo"]
    assert any(next(iter(vendors.galileo.keys)) in note for note in caught.value.__notes__)
