"""A lock is one holder's alone, and goes with its process."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from issuant.errors import BusyError, JournalError
from issuant.rotation.journal import Journal
from issuant.rotation.locking import held

HOLDER = """
import sys, time
from pathlib import Path
from issuant.rotation.locking import held
with held(Path(sys.argv[1]), "a", "it"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until it is told, or killed."""
    found = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert found.stdout is not None
    assert found.stdout.readline() == "held\n"
    return found


def test_a_second_holder_is_told_who_has_it(tmp_path: Path) -> None:
    """At once; another lock of the same folder is free."""
    process = holder(tmp_path)
    with pytest.raises(BusyError, match=f"it is being worked on by another process .process {process.pid}"):
        held(tmp_path, "a", "it").__enter__()
    with held(tmp_path, "b", "it"):
        pass
    process.communicate("\n", timeout=30)


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    """Without having done anything about it."""
    process = holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    with held(tmp_path, "a", "it"):
        pass


def test_who_waits_gets_it_when_it_is_free(tmp_path: Path) -> None:
    """And is refused when its time is over."""
    process = holder(tmp_path)
    began = time.monotonic()
    with pytest.raises(BusyError):
        held(tmp_path, "a", "it", wait=0.1).__enter__()
    assert time.monotonic() - began >= 0.1
    threading.Timer(0.1, lambda: process.communicate("\n", timeout=30)).start()
    with held(tmp_path, "a", "it", wait=30):
        process.wait(timeout=30)


def test_two_threads_exclude_each_other_too(tmp_path: Path) -> None:
    """And so does one that asks twice."""
    with held(tmp_path, "a", "it"), pytest.raises(BusyError, match="by this very process"):
        held(tmp_path, "a", "it").__enter__()


def test_a_started_program_does_not_keep_the_lock(tmp_path: Path) -> None:
    """Such as the command of a sink that outlives its caller."""
    with held(tmp_path, "a", "it"):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with held(tmp_path, "a", "it", wait=10):  # the system closes its copy just after it has started
        assert child.poll() is None
    child.communicate(b"\n", timeout=30)


def test_any_name_will_do(journal: Journal, folder: Path) -> None:
    """What a credential is called leads to no other place, and what stands there is for its owner alone."""
    for name in ("../../etc/passwd", "a" * 1000, "\ud800", "ü"):
        with journal.hold(name):
            pass
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "locks").iterdir()} == {0o600}


def test_a_credential_is_held_by_its_name(journal: Journal) -> None:
    """The text tells which."""
    with journal.hold("ci"), journal.hold("other"), pytest.raises(BusyError, match="the credential 'ci'"):
        journal.hold("ci").__enter__()


def test_where_no_lock_can_be_had_that_is_told(tmp_path: Path) -> None:
    """Such as where a file stands in the place of the folder."""
    (tmp_path / "locks").write_text("")
    with pytest.raises(JournalError, match="no lock can be had"):
        held(tmp_path / "locks", "a", "it").__enter__()
