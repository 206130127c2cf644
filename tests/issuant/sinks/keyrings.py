"""Keyrings for tests: real daemons on a bus of their own, and a file. Each is the variables that lead to it."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
_BUS = """<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""

Variables = Mapping[str, str]


def need(program: str) -> str:
    """Return where a program is, or skip the test and say why."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@contextmanager
def running(*arguments: str, env: Variables | None = None, stdin: bytes = b"") -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with `stdin` on its standard input, and kill it at the end."""
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
    )
    try:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def line_of(process: subprocess.Popen[bytes]) -> str:
    """Return the next line that a program prints, and wait for it twenty seconds at most."""
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 20)[0], f"nothing comes from {process.args!r}"
    return process.stdout.readline().decode().strip()


@contextmanager
def bus() -> Iterator[str]:
    """Run a D-Bus daemon on which nothing is started by itself, and give its address."""
    program = need("dbus-daemon")
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:
        config = Path(folder) / "bus.conf"
        config.write_text(_BUS.format(folder=folder))
        with running(program, f"--config-file={config}", "--nofork", "--print-address=1") as daemon:
            yield line_of(daemon)


@contextmanager
def own_daemon(mood: str = "open") -> Iterator[Variables]:
    """Run the tests' own keyring daemon."""
    script = str(Path(__file__).with_name("secret_service.py"))
    with bus() as address, running(sys.executable, script, address, mood) as daemon:
        assert line_of(daemon) == "ready"
        yield {"DBUS_SESSION_BUS_ADDRESS": address, "PYTHON_KEYRING_BACKEND": _SECRET_SERVICE}


@contextmanager
def gnome_keyring() -> Iterator[Variables]:
    """Run GNOME's daemon, unlocked, with a keyring in a folder of its own."""
    program = need("gnome-keyring-daemon")
    with bus() as address, tempfile.TemporaryDirectory(prefix="gnome-") as folder:
        env = {"DBUS_SESSION_BUS_ADDRESS": address, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_RUNTIME_DIR": folder}
        arguments = ("--foreground", "--unlock", "--components=secrets", f"--control-directory={folder}")
        with running(program, *arguments, env=env, stdin=b"unlocking_TEST"):
            _await_name(address)
            yield {"DBUS_SESSION_BUS_ADDRESS": address, "PYTHON_KEYRING_BACKEND": _SECRET_SERVICE}


def _await_name(address: str) -> None:
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    deadline = time.monotonic() + 20
    with open_dbus_connection(bus=address) as connection:
        while connection.send_and_get_reply(message_bus.NameHasOwner("org.freedesktop.secrets")).body != (True,):
            assert time.monotonic() < deadline, "the keyring daemon has not come up"
            time.sleep(0.02)


@contextmanager
def on_disk() -> Iterator[Variables]:
    """Give a keyring in a file: the library is real, the daemon is not, and no machine is without it."""
    with tempfile.TemporaryDirectory(prefix="ring-") as folder:
        yield {
            "PYTHON_KEYRING_BACKEND": "tests.issuant.sinks.disk_keyring.Keyring",
            "PYTHONPATH": str(ROOT),
            "DISK_KEYRING": f"{folder}/items.json",
        }


KEYRINGS: Mapping[str, Callable[[], AbstractContextManager[Variables]]] = {
    "a-daemon-of-ours": own_daemon,
    "gnome-keyring": gnome_keyring,
    "a-file": on_disk,
}


def use(variables: Variables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead the keyring library of this process to a keyring."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("keyring.core._keyring_backend", None)
