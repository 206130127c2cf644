"""The command in a process of its own: what a signal or a full disk behind standard output leaves behind."""

from __future__ import annotations

import json
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

# Small keys: how large they are is another test's question.
# Whoever starts the tests may have Ctrl-C ignored, and a child inherits that.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from issuant.auth import fireblocks; fireblocks.KEY_BITS = 2048; from issuant.cli import main; main()"
)
FIREBLOCKS = ("issue", "fireblocks", "--name", "k", "--role", "VIEWER")
VALUE = "galileo_TEST_issued_0001_not_a_key"


def start(*arguments: str, stdout: int | IO[str] = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True
    )


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stopped_after_the_post(vendors: Vendors, *arguments: str) -> tuple[int, str, str]:
    """Run the command, send Ctrl-C when the request has taken effect, and return code and outputs."""
    vendors.fireblocks.faults.clear()
    vendors.fireblocks.faults.add(Fault.delay(20))
    process = start(*FIREBLOCKS, *arguments)
    try:
        wait_until(lambda: vendors.fireblocks.approvals)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)
    finally:
        process.kill()
    return process.returncode, out, err


def test_ctrl_c_after_the_post_shows_the_private_key_that_was_to_be_shown(vendors: Vendors) -> None:
    """With the outcome and the idempotency key on standard error."""
    code, out, err = stopped_after_the_post(vendors, "--show")
    assert code == 4, err
    load_pem_private_key(out.encode(), password=None)
    assert "may have taken effect" in err
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


def test_ctrl_c_after_the_post_leaves_the_private_key_in_its_sink(vendors: Vendors, tmp_path: Path) -> None:
    """No second copy is made."""
    path = tmp_path / "key"
    code, out, err = stopped_after_the_post(vendors, "--to", f"file:{path}")
    assert (code, out) == (4, ""), err
    load_pem_private_key(path.read_bytes(), password=None)
    assert f"The value is in file:{path}." in err
    assert not (tmp_path / "state").exists()
    assert "Traceback" not in err


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
