"""`issuant mock`, and the console script against it: processes of their own, with the signals that end them."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from issuant import (
    AuthenticationError,
    FireblocksKeyRequest,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    connect,
    mocks,
)
from issuant.mocks.faults import GRAMMAR
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.steering import ACTS, steer
from issuant.providers import provider_names

from tests.cli.conftest import Issuant, Vendors

TIMEOUT = 30


def ran(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False, **options)


@contextmanager
def serving(script: Path, *arguments: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run `issuant mock --json` with its folders below `folder`; yield the process and the line that it printed."""
    process = subprocess.Popen(
        [script, "mock", "--json", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_it_serves_until_it_is_told_to_stop(number: signal.Signals, script: Path, tmp_path: Path) -> None:
    """One line when it is ready; exit code 0 and no folder left at the end."""
    with serving(script, folder=tmp_path) as (process, served):
        assert list(served) == list(provider_names())
        ports = {httpx.URL(entry["base_url"]).port for entry in served.values()}
        assert len(ports) == len(provider_names())
        for entry in served.values():
            assert list(entry) == ["base_url", "env"]
            assert entry["base_url"].startswith("http://127.0.0.1:")
        assert list(tmp_path.glob("issuant-mock-*"))
        assert Path(served["fireblocks"]["env"]["FIREBLOCKS_SECRET_KEY"]).is_relative_to(tmp_path)
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, out, err) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_its_variables_are_all_that_a_client_needs(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each provider is connected to by its name alone."""
    with serving(script, folder=tmp_path) as (_, served):
        for entry in served.values():
            for name, value in entry["env"].items():
                monkeypatch.setenv(name, value)
        for name in ("fireworks", "galileo"):
            with connect(name) as connection:
                assert connection.base_url == served[name]["base_url"]
                assert isinstance(connection.issue(KeyRequest(name="k")), IssuedKey)
        with connect("fireblocks") as fireblocks:
            pending = fireblocks.issue(FireblocksKeyRequest(name="k", role="VIEWER"))
        assert isinstance(pending, PendingApproval)
        assert pending.private_key is not None
        assert {"FIREWORKS_USER_ID", "GALILEO_API_URL", "GALILEO_CONSOLE_URL"} <= {
            name for entry in served.values() for name in entry["env"]
        }


def test_a_command_runs_with_every_variable_set(script: Path, tmp_path: Path) -> None:
    """And with the environment that was there; its output is the output."""
    print_variables = "import json, os; print(json.dumps(dict(os.environ)))"
    done = ran(script, "mock", "--", sys.executable, "-c", print_variables, env=os.environ | {"MINE": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    assert seen["MINE"] == "1"
    required = {name for each in mocks.names() for name in mocks.simulator(each).env("http://x", tmp_path)}
    assert len(required) >= 3 * len(mocks.names()) - 1
    assert required <= set(seen)
    assert not Path(seen["FIREBLOCKS_SECRET_KEY"]).exists()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param("exit 0", 0, id="success"),
        pytest.param("exit 7", 7, id="failure"),
        pytest.param("kill -KILL $$", 128 + signal.SIGKILL, id="killed"),
        pytest.param("kill -TERM $$", 128 + signal.SIGTERM, id="terminated"),
    ],
)
def test_it_ends_with_the_exit_code_of_the_command(command: str, code: int, script: Path) -> None:
    """128 and the signal's number where a signal ended it, as shells count."""
    done = ran(script, "mock", "--", "/bin/sh", "-c", command)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_reaches_the_command(number: signal.Signals, script: Path, tmp_path: Path) -> None:
    """The command decides what comes of it, and the folder is removed all the same."""
    answer = (
        f"import signal, sys; signal.signal({int(number)}, lambda *_: sys.exit(9))\n"
        "print('up', flush=True); signal.pause()"
    )
    process = subprocess.Popen(
        [script, "mock", "--", sys.executable, "-c", answer],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        assert process.wait(TIMEOUT) == 9
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--", "/no/such/command"], "No such file", id="unknown-command"),
        pytest.param(["--fault", "nobody=empty", "--", "true"], "is not PROVIDER=FAULT", id="fault-of-nobody"),
        pytest.param(["--fault", "galileo=boom", "--", "true"], "is no fault", id="unknown-fault"),
        pytest.param(["--fault", "galileo", "--", "true"], "is no fault", id="no-fault"),
        pytest.param(["--fault", "galileo=status:200", "--", "true"], "is no fault", id="status-that-is-none"),
        pytest.param(["--fault", "galileo=empty@POST", "--", "true"], "is no operation", id="no-operation"),
        pytest.param(
            ["--fault", "galileo=empty@POST /nonsense", "--", "true"], "POST /v2/users/api_keys", id="unknown-operation"
        ),
        pytest.param(["--rate-limit", "nobody=1", "--", "true"], "is not PROVIDER=N", id="limit-of-nobody"),
        pytest.param(["--rate-limit", "galileo=few", "--", "true"], "is not PROVIDER=N", id="no-limit"),
        pytest.param(["--rate-limit", "galileo=-1", "--", "true"], "is not PROVIDER=N", id="negative-limit"),
        pytest.param(["--retry-after", "soon", "--", "true"], "'soon' is not one of", id="another-form"),
        pytest.param(["--state", "/no/such/folder/file", "--", "true"], "No such file", id="no-folder"),
        pytest.param(["--state", "/", "--", "true"], "is a directory", id="a-folder"),
        pytest.param(["--dance", "--", "true"], "No such option", id="unknown-option"),
        pytest.param(["control"], "Missing argument", id="control-of-nothing"),
        pytest.param(["control", "galileo", "state"], "give --base-url", id="nobody-says-where"),
        pytest.param(["control", "--base-url", "http://127.0.0.1:9", "galileo", "dance"], "nothing", id="no-act"),
        pytest.param(
            ["control", "--base-url", "https://api.galileo.ai", "galileo", "state"], "no address", id="the-vendor"
        ),
    ],
)
def test_a_wrong_call_ends_with_2(arguments: list[str], words: str, script: Path) -> None:
    """Without a traceback."""
    done = ran(script, "mock", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_meets_the_next_request_alone(script: Path) -> None:
    """The one after it succeeds."""
    issue = f"{script} issue galileo --name k --show"
    faults = ("--fault", "galileo=status:503", "--fault", "galileo=status:403")
    done = ran(script, "mock", *faults, "--", "/bin/sh", "-c", f"{issue}; echo $?; {issue}; echo $?; {issue} --json")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.isdigit()] == ["4", "1"]
    assert json.loads(done.stdout.splitlines()[-1])["outcome"] == "issued"
    assert "HTTP 503" in done.stderr
    assert "HTTP 403" in done.stderr


def test_without_json_it_prints_what_a_shell_can_read(script: Path, tmp_path: Path) -> None:
    """An export for each variable."""
    process = subprocess.Popen(
        [script, "mock"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    )
    assert process.stderr is not None
    with process:
        assert "Serving until" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0
    done = ran("/bin/sh", "-c", f'{out}\nprintf %s "$FIREWORKS_API_KEY $GALILEO_API_URL"', env={})
    assert done.stdout.startswith("fw_TEST_not_a_key http://127.0.0.1:")


def test_the_command_issues_at_all_three_and_stores_a_secret(script: Path, tmp_path: Path) -> None:
    """As a person would, each into one env file, with no value on any output."""
    env = tmp_path / ".env"
    lines = [
        f"{script} issue fireworks --name one --to env:{env}#ONE",
        f"{script} issue galileo --name two --expires 30d --to env:{env}#TWO",
        f"{script} issue fireblocks --name three --role VIEWER --to env:{env}#THREE || test $? -eq 3",
        f"echo value_TEST_not_a_key | {script} secret put fireworks my-id --key-name MY_KEY",
    ]
    done = ran(script, "mock", "--", "/bin/sh", "-ec", "\n".join(lines))
    assert done.returncode == 0
    assert done.stderr.startswith("People have to approve")
    text = env.read_text()
    assert "ONE=fw_TEST_issued_0001_not_a_key\n" in text
    assert "TWO=galileo_TEST_issued_0001_not_a_key\n" in text
    assert "THREE='-----BEGIN PRIVATE KEY-----\n" in text
    assert "not_a_key" not in done.stdout
    assert "PRIVATE KEY" not in done.stdout
    assert "accounts/mock-account/secrets/my-id" in done.stdout


def test_show_prints_the_value_once(script: Path) -> None:
    """On standard output, and nowhere else."""
    done = ran(script, "mock", "--", script, "issue", "fireworks", "--name", "k", "--show")
    assert done.stdout.count("fw_TEST_issued_0001_not_a_key") == 1
    assert done.stderr == ""


def test_a_reader_that_leaves_gets_no_traceback(script: Path) -> None:
    """`issuant providers | head -1` ends quietly."""
    done = ran("/bin/sh", "-c", f"{script} providers | head -1")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{provider_names()[0]}: ")
    assert "Traceback" not in done.stderr


def test_a_fault_can_be_meant_for_one_operation_and_many_times(script: Path) -> None:
    """What else is asked for passes it by."""
    issue = f"{script} issue galileo --name k --show"
    fault = "galileo=status:403*2@POST /v2/users/api_keys"
    words = f"{script} issue fireworks --name k --show; {issue}; {issue}; {issue}"
    done = ran(script, "mock", "--fault", fault, "--", "/bin/sh", "-c", words)
    assert done.returncode == 0
    assert done.stderr.count("HTTP 403") == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_rate_limit_is_set_and_says_when_to_come_again(form: str, script: Path, tmp_path: Path) -> None:
    """In either form, at one provider alone."""
    arguments = ("--rate-limit", "galileo=1", "--rate-limit", "fireworks=none", "--retry-after", form)
    with serving(script, *arguments, folder=tmp_path) as (_, served):
        env = served["galileo"]["env"]
        headers = {"Galileo-API-Key": env["GALILEO_API_KEY"]}
        replies = [httpx.get(f"{env['GALILEO_API_URL']}/current_user", headers=headers) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 429]
    after, now = replies[1].headers["Retry-After"], parsedate_to_datetime(replies[1].headers["Date"])
    wait = int(after) if form == "seconds" else (parsedate_to_datetime(after) - now).total_seconds()
    assert 0 < wait <= 61


def test_a_mock_is_steered_from_another_process(script: Path, tmp_path: Path) -> None:
    """Where it is served is what its variables say; what it answers is JSON."""
    lines = [
        f"{script} issue fireblocks --name one --role VIEWER --to env:{tmp_path / 'env'}#ONE --json || test $? -eq 3",
        f"{script} mock control fireblocks approvals",
        f"{script} mock control fireblocks clock -1h",
        f"{script} mock control galileo state",
        f"{script} mock control fireblocks approve nothing || echo $?",
    ]
    done = ran(script, "mock", "--", "/bin/sh", "-ec", "\n".join(lines))
    assert done.returncode == 0
    issued, approvals, moved, state, code = map(json.loads, done.stdout.splitlines())
    (approval,) = approvals["approvals"]
    assert (approval["id"], approval["state"]) == (issued["request_id"], "pending")
    assert (moved["offset"], state["offset"], state["provider"]) == (-3600.0, 0.0, "galileo")
    assert code == 1
    assert "HTTP 404: no approval has the id 'nothing'" in done.stderr


def test_what_nobody_serves_cannot_be_steered(script: Path) -> None:
    """Exit code 1, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = ran(script, "mock", "control", "--base-url", f"http://127.0.0.1:{port}", "galileo", "state")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing is served there" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_killed_mock_goes_on_where_it_was(script: Path, tmp_path: Path) -> None:
    """What a client has been told is so: the key works, the approval waits, the time is what it was."""
    state = tmp_path / "mock.state"
    keys = "/v1/accounts/mock-account/users/mock-user/apiKeys"
    with serving(script, "--state", str(state), folder=tmp_path) as (process, served):
        url, env = served["fireworks"]["base_url"], served["fireworks"]["env"]
        headers = {"Authorization": f"Bearer {env['FIREWORKS_API_KEY']}"}
        made = httpx.post(f"{url}{keys}", headers=headers, json={"apiKey": {"displayName": "first life"}}).json()
        steer(url, "clock", "7d")
        process.kill()
        process.wait(TIMEOUT)
    with serving(script, "--state", str(state), folder=tmp_path) as (_, served):
        url = served["fireworks"]["base_url"]
        listed = httpx.get(f"{url}{keys}", headers={"Authorization": f"Bearer {made['key']}"}).json()["apiKeys"]
        assert "first life" in [key["displayName"] for key in listed]
        assert steer(url, "state")["offset"] == 7 * 24 * 3600
    assert made["key"] not in state.read_text()


def test_a_state_is_one_process_s_alone_and_must_be_whole(script: Path, tmp_path: Path) -> None:
    """Exit code 2; the file is as it was."""
    state = tmp_path / "mock.state"
    with serving(script, "--state", str(state), folder=tmp_path):
        second = ran(script, "mock", "--state", state, "--", "true")
    assert second.returncode == 2
    assert "another process uses it" in second.stderr
    state.write_bytes(state.read_bytes()[:-50])
    before = state.read_bytes()
    third = ran(script, "mock", "--state", state, "--", "true")
    assert third.returncode == 2
    assert "is left as it is: it is damaged" in third.stderr
    assert state.read_bytes() == before


@pytest.mark.parametrize("arguments", [["--help"], ["control", "--help"]], ids=["mock", "control"])
def test_the_help_names_what_can_be_given(arguments: list[str], script: Path) -> None:
    """Every kind of fault, and every word for steering."""
    done = ran(script, "mock", *arguments)
    wanted = ACTS if arguments[0] == "control" else {word.split(":")[0].split("[")[0] for word in GRAMMAR.split(", ")}
    assert {word for word in wanted if word not in done.stdout} == set()


def test_each_word_for_steering_has_an_example_that_runs(vendors: Vendors, issuant: Issuant) -> None:
    """As it stands in the help, one after the other; what it is about is an id that other commands have told."""
    text = issuant("mock", "control", "--help").out
    examples = re.findall(r"^ +issuant (mock control .*)$", text, re.MULTILINE)
    assert {example.split()[3] for example in examples} == set(ACTS)
    admin = vendors.fireblocks.users[vendors.fireblocks.api_key]
    wish = Wish(name="n", role="SIGNER", public_key=admin.public_key)
    known = {}
    for number, example in enumerate(examples):
        if "$request" in example:
            known["$request"] = f"request-{number}"
            vendors.fireblocks.approvals.ask(wish, request_id=known["$request"], initiator=admin.id)
        if "$token" in example:
            known["$user"] = next(reversed(vendors.fireblocks.users))
            known["$token"] = "fireblocks_TEST_pairing_not_a_key"
            vendors.fireblocks.pairings.issue(known["$token"], known["$user"])
        done = issuant(*(known.get(word, word) for word in shlex.split(example)))
        assert (done.code, done.err) == (0, ""), example
    assert known["$user"] != admin.id
    assert known["$user"] not in vendors.fireblocks.users


def test_a_call_to_fireblocks_needs_a_clock_that_is_as_far_off(vendors: Vendors, issuant: Issuant) -> None:
    """As the help of `control clock` says: the others do not mind, and moving it back is enough."""
    days = timedelta(days=7)
    for name in provider_names():
        assert issuant("mock", "control", name, "clock", "7d").code == 0
        if name != "fireblocks":
            with connect(name) as connection:
                assert connection.whoami().provider == name
    with connect("fireblocks") as now, pytest.raises(AuthenticationError):
        now.whoami()
    assert issuant("mock", "control", "fireblocks", "approvals").code == 0
    with connect("fireblocks", clock=lambda: datetime.now(UTC) + days) as ahead:
        assert ahead.whoami().id == vendors.fireblocks.api_key
    assert issuant("mock", "control", "fireblocks", "clock", "-7d").code == 0
    with connect("fireblocks") as again:
        assert again.whoami().id == vendors.fireblocks.api_key
