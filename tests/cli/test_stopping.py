"""The command in a process of its own: what a signal, a full disk or a reader that has gone leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from issuant.mocks import Fault

from tests.cli.conftest import Vendors
from tests.cli.terminal import on_terminal

# Small keys: how large they are is another test's question.
# Whoever starts the tests may have signals ignored, and a child inherits that.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "[signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)]; "
    "from issuant.auth import fireblocks; fireblocks.KEY_BITS = 2048; from issuant.cli import main; main()"
)
FIREBLOCKS = ("issue", "fireblocks", "--name", "k", "--role", "VIEWER")
# Ctrl-C is a signal only to those whose terminal it is.
ON_OWN_TERMINAL = f"import fcntl, os, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); {PROGRAM}"
VALUE = "galileo_TEST_issued_0001_not_a_key"
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
# Two moments that are too short to be met, made long and told of: the end of the process, and the making of a key pair.
ENDING = (
    "import atexit, sys, time; "
    "atexit.register(lambda: (print('ending', file=sys.stderr, flush=True), time.sleep(0.5))); "
)
MAKING = "import sys, time; from issuant.auth import fireblocks; fireblocks.make_key_pair = lambda name: ({}); ".format(
    "print('making', file=sys.stderr, flush=True), time.sleep(20)"
)
each_signal = pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "sigterm", "sighup"]
)


def start(*arguments: str, stdout: int | IO[str] = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True
    )


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stopped_after_the_post(
    vendors: Vendors, *arguments: str, number: signal.Signals = signal.SIGINT
) -> tuple[int, str, str]:
    """Run the command, send a signal when the request has taken effect, and return code and outputs."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.delay(20))
    process = start(*FIREBLOCKS, *arguments)
    try:
        wait_until(lambda: vendors.fireblocks.approvals)
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    return process.returncode, out, err


@each_signal
def test_a_signal_after_the_post_shows_the_private_key_that_was_to_be_shown(
    number: signal.Signals, vendors: Vendors
) -> None:
    """With the outcome and the idempotency key on standard error."""
    code, out, err = stopped_after_the_post(vendors, "--show", number=number)
    assert code == 4, err
    load_pem_private_key(out.encode(), password=None)
    assert "it was interrupted while the provider was being asked" in err
    assert re.search(r"idempotency key [0-9a-f-]{36}", err)
    assert "Traceback" not in err
    assert "PRIVATE KEY" not in err


def test_ctrl_c_after_the_post_as_json(vendors: Vendors) -> None:
    """One object on each output."""
    code, out, err = stopped_after_the_post(vendors, "--show", "--json")
    assert code == 4, err
    shown, error = json.loads(out), json.loads(err)
    load_pem_private_key(shown["value"].encode(), password=None)
    assert shown["outcome"] == error["effect"] == "unknown"
    assert error["error"] == "OutcomeUnknownError"
    assert shown["idempotency_key"] == error["idempotency_key"]
    assert "CERTIFICATE REQUEST" in error["csr_pem"]


@each_signal
def test_a_signal_after_the_post_leaves_the_private_key_in_its_sink(
    number: signal.Signals, vendors: Vendors, tmp_path: Path
) -> None:
    """No second copy is made; what is kept besides is the certificate request."""
    path = tmp_path / "key"
    code, out, err = stopped_after_the_post(vendors, "--to", f"file:{path}", number=number)
    assert (code, out) == (4, ""), err
    load_pem_private_key(path.read_bytes(), password=None)
    assert f"The value is in file:{path}." in err
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text().startswith("-----BEGIN CERTIFICATE REQUEST-----")
    assert "PRIVATE KEY" not in kept.read_text()
    assert "Traceback" not in err


def signalled_at(word: str, prelude: str, number: signal.Signals, *arguments: str) -> tuple[int, str, str]:
    """Run the command behind a prelude, send a signal when that says a word, and return code and outputs."""
    process = subprocess.Popen(
        [sys.executable, "-c", prelude + PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        assert said == f"{word}\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    return process.returncode, out, err


@each_signal
@pytest.mark.parametrize("sink", [["--to", "file:made"], ["--show", "--json"]], ids=["stored", "shown"])
def test_a_signal_while_the_process_ends_takes_nothing_back(
    sink: list[str], number: signal.Signals, vendors: Vendors
) -> None:
    """The key is where it belongs and the account is printed: that is success."""
    code, out, err = signalled_at("ending", ENDING, number, "issue", "galileo", "--name", "k", *sink)
    assert (code, err) == (0, "")
    assert "issued" in out
    assert len(vendors.galileo.keys) == 1


@each_signal
@pytest.mark.parametrize("sink", [["--to", "file:made"], ["--show"]], ids=["stored", "shown"])
def test_a_signal_while_a_key_pair_is_made_ends_with_its_number(
    sink: list[str], number: signal.Signals, vendors: Vendors
) -> None:
    """As one that comes before does: nothing was sent."""
    code, out, err = signalled_at("making", MAKING, number, *FIREBLOCKS, *sink)
    assert (code, out) == (CODES[number], "")
    assert err.strip() == "issuant: stopped; nothing was changed."
    assert not vendors.requests
    assert not Path("made").exists()


def test_a_signal_before_another_attempt_tells_of_a_private_key_that_is_of_no_use(vendors: Vendors) -> None:
    """It is in its sink by then, and nobody has heard of it."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.status(429, retry_after=30))
    process = start(*FIREBLOCKS, "--to", "file:made")
    try:
        wait_until(lambda: not len(vendors.fireblocks.faults))
        time.sleep(0.3)  # until it has the reply, and waits
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, out) == (143, ""), err
    assert "issuant: stopped; nothing was changed." in err
    assert "The private key in file:made is of no use now" in err


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_a_value_that_standard_output_does_not_take_is_kept_in_a_file(
    as_json: bool, vendors: Vendors, tmp_path: Path
) -> None:
    """A disk that is full behind a redirection would have cost the key."""
    with Path("/dev/full").open("w") as full:
        process = start("issue", "galileo", "--name", "k", "--show", *(["--json"] if as_json else []), stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 5, err
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == VALUE
    assert str(kept) in err
    assert "No space left on device" in err
    assert VALUE not in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--show"], id="plain"),
        pytest.param(["--show", "--json"], id="json"),
    ],
)
def test_a_key_whose_account_is_not_taken_is_named_on_standard_error(options: list[str], vendors: Vendors) -> None:
    """By its id, so that it can be revoked."""
    with Path("/dev/full").open("w") as full:
        process = start("issue", "galileo", "--name", "k", *options, stdout=full)
        _, err = process.communicate(timeout=20)
    (id_,) = vendors.galileo.keys
    assert id_ in err


def test_an_account_that_standard_output_does_not_take_leaves_the_value_in_its_sink(
    vendors: Vendors, tmp_path: Path
) -> None:
    """The exit code tells that a key was made, and standard error where its value is."""
    path = tmp_path / "key"
    with Path("/dev/full").open("w") as full:
        process = start("issue", "galileo", "--name", "k", "--to", f"file:{path}", stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 5, err
    assert path.read_text() == VALUE
    assert f"file:{path}" in err
    assert not (tmp_path / "state").exists()
    assert "Traceback" not in err


def test_a_private_key_that_standard_output_does_not_take_is_kept_in_a_file(vendors: Vendors, tmp_path: Path) -> None:
    """Also at Fireblocks, where people may approve the request at any moment."""
    with Path("/dev/full").open("w") as full:
        process = start(*FIREBLOCKS, "--show", stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 5, err
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    load_pem_private_key(kept.read_bytes(), password=None)
    assert len(vendors.fireblocks.approvals) == 1
    assert "PRIVATE KEY" not in err


READING = [
    pytest.param(["keys", "galileo"], id="keys"),
    pytest.param(["keys", "galileo", "--json"], id="keys-json"),
    pytest.param(["whoami", "galileo"], id="whoami"),
    pytest.param(["doctor"], id="doctor"),
    pytest.param(["providers"], id="providers"),
    pytest.param(["--help"], id="help"),
]


def with_keys(vendors: Vendors, count: int) -> None:
    for number in range(count):
        vendors.galileo.add_key(user_id=vendors.galileo.user_id, description=str(number))


def test_a_list_whose_reader_has_enough_ends_silently(vendors: Vendors) -> None:
    """As every program does behind `head`; no further page is asked for."""
    with_keys(vendors, 1500)
    process = start("keys", "galileo", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stderr as errors:
        with process.stdout as output:
            first = output.readline()
        err = errors.read()
    assert process.wait(20) == 141
    assert json.loads(first)["name"] == "0"
    assert err == ""
    assert len(vendors.requests) < 16


@pytest.mark.parametrize("line", READING)
def test_a_reading_that_standard_output_does_not_take_says_so(line: list[str], vendors: Vendors) -> None:
    """In a paragraph, with 1: nothing was changed."""
    with_keys(vendors, 3)
    with Path("/dev/full").open("w") as full:
        process = start(*line, stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1, err
    assert "No space left on device" in err
    assert "Nothing was changed" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("as_json", [False, True], ids=["plain", "json"])
def test_a_revocation_that_cannot_be_told_is_told_on_standard_error(as_json: bool, vendors: Vendors) -> None:
    """With 5: it was done."""
    with_keys(vendors, 1)
    (id_,) = vendors.galileo.keys
    with Path("/dev/full").open("w") as full:
        process = start("revoke", "galileo", id_, "--yes", *(["--json"] if as_json else []), stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 5, err
    assert not vendors.galileo.keys
    assert "it was done" in err
    assert id_ in err
    assert "Traceback" not in err
    if as_json:
        assert json.loads(err)["effect"] == "created"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("issuant keys galileo >&-", 1, id="reading"),
        pytest.param("issuant secret put fireworks s --key-name K >&-", 5, id="storing"),
        pytest.param("issuant revoke galileo x --yes 2>&-", 2, id="standard-error"),
    ],
)
def test_a_stream_that_is_closed_brings_no_traceback(line: str, code: int, script: Path, vendors: Vendors) -> None:
    """The exit code tells."""
    with_keys(vendors, 1)
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace("issuant", str(script), 1)],
        input="value_TEST_not_a_key",
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGINT, 130, id="ctrl-c"),
        pytest.param(signal.SIGTERM, 143, id="sigterm"),
        pytest.param(signal.SIGHUP, 129, id="sighup"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_signal_in_the_middle_of_a_list_leaves_what_was_printed(
    options: list[str], number: signal.Signals, code: int, vendors: Vendors
) -> None:
    """The exit code has the number of the signal, and a line says that nothing was changed."""
    with_keys(vendors, 150)
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(20), when=lambda request: "starting_token=99" in request.query)
    process = start("keys", "galileo", *options)
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(100)]
        wait_until(lambda: not len(vendors.galileo.faults))
        process.send_signal(number)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == code
    assert (json.loads(lines[-1])["name"] if options else lines[-1].split("\t")[1], out) == ("99", "")
    said = json.loads(err)["reason"] if options else err.strip().removeprefix("issuant: ")
    assert said == "stopped; nothing was changed."


def test_a_signal_that_the_parent_has_ignored_stays_ignored(vendors: Vendors) -> None:
    """As behind nohup: the list goes on."""
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(1))
    program = PROGRAM.replace("from issuant", "signal.signal(signal.SIGHUP, signal.SIG_IGN); from issuant", 1)
    process = subprocess.Popen(
        [sys.executable, "-c", program, "keys", "galileo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_until(lambda: not len(vendors.galileo.faults))
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def test_ctrl_c_while_a_key_is_revoked_is_told_as_unknown(vendors: Vendors) -> None:
    """With 4: it may be gone."""
    with_keys(vendors, 1)
    (id_,) = vendors.galileo.keys
    vendors.galileo.faults.clear()
    vendors.galileo.faults.add(Fault.delay(20))
    process = start("revoke", "galileo", id_, "--yes")
    try:
        wait_until(lambda: not vendors.galileo.keys)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 4
    assert "it was interrupted while the provider was being asked" in err
    assert "Traceback" not in err


def test_ctrl_c_at_a_question_changes_nothing(vendors: Vendors) -> None:
    """With 130."""
    with_keys(vendors, 1)
    (id_,) = vendors.galileo.keys
    shown = on_terminal(sys.executable, "-c", ON_OWN_TERMINAL, "revoke", "galileo", id_, answers=["\x03"])
    assert shown.code == 130, shown.text
    assert "issuant: stopped." in shown.text
    assert id_ in vendors.galileo.keys


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_name_that_the_output_has_no_letters_for_is_escaped(
    options: list[str], script: Path, vendors: Vendors
) -> None:
    """As behind an old terminal; no list breaks off over it."""
    vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="ключ")
    done = subprocess.run(
        [script, "keys", "galileo", *options],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        timeout=20,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u043a\\u043b\\u044e\\u0447" in done.stdout


@each_signal
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["plain", "json"])
def test_a_signal_while_a_full_pipe_is_waited_for_keeps_the_value(
    options: list[str], number: signal.Signals, vendors: Vendors, tmp_path: Path
) -> None:
    """One that nobody reads: it ends with 5, at once, and says where the value is."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    with contextlib.suppress(BlockingIOError):  # it is full
        while True:
            os.write(theirs, bytes(65536))
    os.set_blocking(theirs, True)
    process = start("issue", "galileo", "--name", "k", "--show", *options, stdout=theirs)
    try:
        wait_until(lambda: vendors.galileo.keys)
        time.sleep(0.5)  # until it has the reply, and stands at the pipe
        process.send_signal(number)
        _, err = process.communicate(timeout=15)
    finally:
        process.kill()
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 5, err
    (kept,) = (tmp_path / "state" / "issuant" / "rescued").iterdir()
    assert kept.read_text() == VALUE
    assert str(kept) in err
    assert VALUE not in err
    assert "Traceback" not in err
