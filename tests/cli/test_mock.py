"""`issuant mock`, and the console script against it: processes of their own, with the signals that end them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from issuant import FireblocksKeyRequest, IssuedKey, KeyRequest, PendingApproval, connect
from issuant.providers import provider_names

from tests.cli.conftest import VARIABLES

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
    required = {name for name in VARIABLES if not name.endswith(("_HEADER", "_USERNAME", "_PASSWORD"))}
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
        f"{script} issue fireblocks --name three --role VIEWER --to env:{env}#THREE",
        f"echo value_TEST_not_a_key | {script} secret put fireworks my-id --key-name MY_KEY",
    ]
    done = ran(script, "mock", "--", "/bin/sh", "-ec", "\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
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
