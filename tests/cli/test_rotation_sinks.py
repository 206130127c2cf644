"""Rotation into sinks that are no files, by the command: a keyring, Fireworks' own secrets, another tool's command."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from issuant.mocks import Fault
from issuant.secret import Secret
from issuant.sinks.keyring import KeyringSink

from tests.cli.conftest import Issuant, Vendors
from tests.cli.rotations import is_accepted, lines, told
from tests.issuant.sinks.keyrings import KEYRINGS, Variables, use

KILLED = """
import os, signal, sys
import keyring
ring, left = type(keyring.get_keyring()), int(sys.argv.pop(1))
store = ring.set_password
def counted(*given):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return store(*given)
ring.set_password = counted
from issuant.cli import main
main()
"""


@pytest.fixture(scope="module", params=["a-daemon-of-ours", "a-file"])
def variables(request: pytest.FixtureRequest) -> Iterator[Variables]:
    """Keep a keyring for all tests of this module; each has a service of its own in it."""
    opened: AbstractContextManager[Variables] = KEYRINGS[request.param]()
    with opened as found:
        yield found


@pytest.fixture
def ring(variables: Variables, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSink]:
    """Lead this process and its children to the keyring, and return a sink of an item in it."""
    use(variables, monkeypatch)
    yield KeyringSink(f"issuant_TEST/{uuid.uuid4()}", "bot")
    for thread in threading.enumerate():
        if thread.name == "issuant-keyring":
            thread.join(20)
    gc.collect()  # the library forgets its connections: let them be closed here


def value_of(sink: KeyringSink) -> str:
    """Return what the keyring holds."""
    found = sink.read()
    assert isinstance(found, Secret)
    return found.reveal()


def slots(sink: KeyringSink) -> list[str]:
    """Return which items of the sink's service there are besides its own, where the keyring tells."""
    kept = Path(os.environ.get("DISK_KEYRING", "none"))
    items = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    return [item for item in items if item.startswith(f"{sink._service}\nbot#")]


def issue_into(issuant: Issuant, *sinks: str) -> str:
    """Issue a key as `kept` into sinks, and return its id."""
    places = [word for sink in sinks for word in ("--to", sink)]
    ended = issuant("issue", "galileo", "--name", "eval", "--as", "kept", *places, "--json")
    assert (ended.code, told(ended)["state"]) == (0, "done"), ended.err
    return str(told(ended)["key_id"])


def test_a_keyring_holds_the_value_from_the_first_key_on(ring: KeyringSink, issuant: Issuant, vendors: Vendors) -> None:
    """Issued and rotated; its pending slot is gone, and the old key with it."""
    first = issue_into(issuant, ring.description)
    old = value_of(ring)
    assert is_accepted(old)
    ended = issuant("rotate", "kept", "--force", "--json")
    assert (ended.code, told(ended)["state"], told(ended)["old_key_id"]) == (0, "done", first), ended.err
    assert is_accepted(value_of(ring))
    assert not is_accepted(old)
    assert slots(ring) == []
    assert f"keyring:{ring._service}/bot" in issuant("journal", "--all").out


@pytest.mark.parametrize("stores", [1, 2], ids=["before-it-is-staged", "before-it-is-promoted"])
def test_a_rotation_into_a_keyring_goes_on_after_a_kill(
    stores: int, ring: KeyringSink, issuant: Issuant, vendors: Vendors
) -> None:
    """Until then the keyring has the old value, which is accepted; then the new one, and nothing else of ours."""
    issue_into(issuant, ring.description)
    old = value_of(ring)
    line = [sys.executable, "-c", KILLED, str(stores), "rotate", "kept", "--force"]
    killed = subprocess.run(line, capture_output=True, timeout=30, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (value_of(ring), is_accepted(old), len(slots(ring)) <= 1) == (old, True, True)
    assert len(vendors.galileo.keys) == 2
    ended = issuant("resume", "--force", "--json")
    assert (ended.code, lines(ended)[0]["state"]) == (0, "done"), ended.err
    assert is_accepted(value_of(ring))
    assert len(vendors.galileo.keys) == 1
    assert slots(ring) == []


def test_a_key_is_adopted_from_a_keyring(ring: KeyringSink, issuant: Issuant, vendors: Vendors) -> None:
    """Its next value stands where the first one stood."""
    key, value = vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="by hand")
    ring.store(Secret(value), None)
    ended = issuant("adopt", "galileo", key.id, "--as", "kept", "--from", ring.description)
    assert ended.code == 0, ended.err
    assert issuant("rotate", "kept", "--force").code == 0
    assert value_of(ring) != value
    assert is_accepted(value_of(ring))


def stored_at_fireworks(vendors: Vendors) -> list[str]:
    """Return the values in Fireworks' own secret store."""
    return [secret.value for secret in vendors.fireworks.secrets.values()]


def test_fireworks_own_store_holds_the_value_of_another_provider(issuant: Issuant, vendors: Vendors) -> None:
    """It is created with the first key, and updated with the next."""
    issue_into(issuant, "fireworks:eval-key#GALILEO_KEY")
    (old,) = stored_at_fireworks(vendors)
    assert is_accepted(old)
    assert issuant("rotate", "kept", "--force").code == 0
    (value,) = stored_at_fireworks(vendors)
    assert is_accepted(value)
    assert not is_accepted(old)
    assert len(vendors.galileo.keys) == 1


def test_a_store_that_refuses_is_told_and_asked_again(issuant: Issuant, vendors: Vendors) -> None:
    """The old value stays in use meanwhile; whoever cannot read the store is told so before anything is made."""
    issue_into(issuant, "fireworks:eval-key#GALILEO_KEY")
    (old,) = stored_at_fireworks(vendors)
    vendors.fireworks.faults.add(Fault.status(403), on="PATCH /v1/accounts/*/secrets/*")
    ended = issuant("rotate", "kept", "--force")
    assert (ended.code, "`issuant resume" in ended.err) == (1, True), ended.err
    assert (stored_at_fireworks(vendors), is_accepted(old), len(vendors.galileo.keys)) == ([old], True, 2)
    assert issuant("resume", "--force").code == 0
    assert is_accepted(stored_at_fireworks(vendors)[0])
    vendors.fireworks.faults.add(Fault.status(403), on="GET /v1/accounts/*/secrets")
    refused = issuant("rotate", "kept", "--force")
    assert (refused.code, len(vendors.galileo.keys), issuant("journal").out) == (2, 1, ""), refused.err


def test_a_command_that_fails_is_told_and_run_again(issuant: Issuant, vendors: Vendors, tmp_path: Path) -> None:
    """With the same value, on its standard input."""
    script = tmp_path / "take"
    script.write_text("#!/bin/sh\n[ -e broken ] && exit 9\ncat > kept\n", "utf-8")
    script.chmod(0o700)
    sink = f"exec:{script}"
    refused = issuant("issue", "galileo", "--name", "eval", "--as", "kept", "--to", sink)
    assert (refused.code, len(vendors.galileo.keys)) == (2, 0), "nobody can tell what a command holds already"
    assert issuant("issue", "galileo", "--name", "eval", "--as", "kept", "--to", sink, "--replace").code == 0
    old = (tmp_path / "kept").read_text("utf-8")
    (tmp_path / "broken").touch()
    ended = issuant("rotate", "kept", "--force")
    assert (ended.code, "`issuant resume" in ended.err) == (1, True), ended.err
    assert (is_accepted(old), len(vendors.galileo.keys)) == (True, 2)
    (tmp_path / "broken").unlink()
    assert issuant("resume", "--force").code == 0
    assert is_accepted((tmp_path / "kept").read_text("utf-8"))
    assert not is_accepted(old)
