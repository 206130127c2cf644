"""A journal that cannot be used says so before anything is done, and is left as it is."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from issuant.errors import BusyError, JournalCorruptError, JournalError, SealError
from issuant.rotation import journal as journal_module
from issuant.rotation.database import Database, create
from issuant.rotation.journal import Journal
from issuant.rotation.schema import APPLICATION, SCRIPTS, version_of
from issuant.rotation.sealkey import new_key
from issuant.rotation.states import State

from tests.leaks.detector import leaks, shown_by_error
from tests.rotation.lives import CI, ROOT, at_state, begun

PAGE = 4096


@pytest.fixture
def closed(folder: Path) -> Path:
    """The file of a journal with an open rotation, closed properly."""
    with Journal(folder) as journal:
        at_state(journal, State.CREATED)
    return folder / "journal.db"


@pytest.fixture
def unfinished(folder: Path, tmp_path: Path) -> Path:
    """The file of a journal as a killed process leaves it: with its last entries in the log."""
    with Journal(folder) as journal:
        at_state(journal, State.VERIFIED)
        subprocess.run(["cp", "-a", str(folder), str(tmp_path / "copy")], check=True)
    return tmp_path / "copy" / "journal.db"


def contents(path: Path) -> dict[str, bytes]:
    """Return what the journal's own files hold; the index of the log is SQLite's to make anew."""
    return {file.name: file.read_bytes() for file in path.parent.glob("journal*") if not file.name.endswith("-shm")}


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311 - the same each time


DAMAGES: dict[str, Callable[[Path], object]] = {
    "random-bytes": lambda path: path.write_bytes(noise(5 * PAGE)),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("a journal\n" * 100),
    "cut-in-the-head": lambda path: os.truncate(path, 50),
    "cut-after-a-page": lambda path: os.truncate(path, PAGE),
    "cut-in-a-page": lambda path: os.truncate(path, path.stat().st_size - 100),
    "last-page-gone": lambda path: os.truncate(path, path.stat().st_size - PAGE),
    "page-of-noise": lambda path: overwrite(path, 3 * PAGE, noise(PAGE)),
    "page-of-zeros": lambda path: overwrite(path, 3 * PAGE, bytes(PAGE)),
    "page-of-another-place": lambda path: overwrite(path, 3 * PAGE, path.read_bytes()[PAGE : 2 * PAGE]),
    "another-database": lambda path: another_database(path),
}


def another_database(path: Path) -> None:
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (a)")
    database.close()
    path.chmod(0o600)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_and_left_as_it_is(closed: Path, damage: Callable[[Path], object]) -> None:
    """With what to do about it."""
    damage(closed)
    before = contents(closed)
    with pytest.raises(JournalCorruptError) as caught:
        Journal(closed.parent)
    assert caught.value.advice
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert contents(closed) == before


LOGS: dict[str, Callable[[Path], object]] = {
    "noise": lambda log: log.write_bytes(noise(log.stat().st_size)),
    "zeros": lambda log: log.write_bytes(bytes(log.stat().st_size)),
    "head-of-noise": lambda log: overwrite(log, 0, noise(32)),
    "one-bit-of-the-head": lambda log: overwrite(log, 20, bytes([log.read_bytes()[20] ^ 1])),
    "cut-in-the-head": lambda log: os.truncate(log, 20),
}


@pytest.mark.parametrize("damage", LOGS.values(), ids=LOGS)
def test_a_log_that_sqlite_would_pass_over_in_silence_is_refused(
    unfinished: Path, damage: Callable[[Path], object]
) -> None:
    """Its entries would be lost: the key that was just made would be nobody's."""
    log = unfinished.with_name("journal.db-wal")
    damage(log)
    before = contents(unfinished)
    with pytest.raises(JournalCorruptError, match="last entries would be lost"):
        Journal(unfinished.parent)
    assert contents(unfinished) == before


def test_a_sound_log_is_taken_up(unfinished: Path) -> None:
    """What a killed process has committed is there."""
    with Journal(unfinished.parent) as journal:
        assert [seen.state for seen in journal.open_operations()] == [State.VERIFIED]


def test_a_log_without_its_journal_is_refused(unfinished: Path) -> None:
    """A new journal would be made beside it, and take it for its own."""
    unfinished.unlink()
    before = contents(unfinished)
    with pytest.raises(JournalCorruptError, match="it is gone"):
        Journal(unfinished.parent)
    assert contents(unfinished) == before


def test_a_row_that_makes_no_sense_is_damage(closed: Path) -> None:
    """Such as a state that there is not."""
    with sqlite3.connect(closed) as database:
        database.execute("UPDATE operation SET state = 'flying'")
    database.close()
    with Journal(closed.parent) as journal, pytest.raises(JournalCorruptError, match="operation that makes no sense"):
        journal.open_operations()


def test_a_journal_that_others_may_read_is_refused(closed: Path) -> None:
    """Its folder keeps them out as long as it is where it is."""
    closed.chmod(0o644)
    with pytest.raises(JournalError, match="chmod 600"):
        Journal(closed.parent)


# The sealing key


def test_without_its_key_the_journal_is_not_opened(closed: Path) -> None:
    """And no other key is made, nor anything else changed."""
    (closed.parent / "journal.key").unlink()
    before = contents(closed)
    with pytest.raises(SealError, match="is gone"):
        Journal(closed.parent)
    assert contents(closed) == before


def test_with_another_key_the_journal_is_not_opened(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything else: values sealed with two keys would be in it."""
    before = contents(closed)
    monkeypatch.setenv("ISSUANT_JOURNAL_KEY", f"base64:{new_key()}")
    with pytest.raises(SealError, match="another key"):
        Journal(closed.parent)
    key = new_key()
    with pytest.raises(SealError, match="another key") as caught:
        Journal(closed.parent, key=f"base64:{key}")
    assert leaks(shown_by_error(caught.value), [key]) == []
    assert contents(closed) == before


def test_a_malformed_key_makes_no_journal(folder: Path) -> None:
    """Nothing is left behind."""
    with pytest.raises(SealError):
        Journal(folder, key="base64:short")
    assert not (folder / "journal.db").exists()


# Versions

SECOND = ("CREATE TABLE second (a TEXT NOT NULL)", "INSERT INTO second VALUES ('made by the script')")


def test_a_newer_journal_is_refused(closed: Path) -> None:
    """And is not changed by being looked at."""
    database = sqlite3.connect(closed)
    database.execute(f"PRAGMA user_version = {len(SCRIPTS) + 1}")
    database.close()
    before = contents(closed)
    with pytest.raises(JournalError, match="is of version 2, and this issuant knows versions up to 1"):
        Journal(closed.parent)
    assert contents(closed) == before


def test_an_older_journal_is_brought_up_to_date(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, with all that it holds; whoever knows the older version alone is refused from then on."""
    monkeypatch.setattr(journal_module, "SCRIPTS", (*SCRIPTS, SECOND))
    for _ in range(2):
        with Journal(closed.parent) as journal:
            assert [seen.state for seen in journal.open_operations()] == [State.CREATED]
            rows = journal._rows("SELECT a FROM second")
            assert [row["a"] for row in rows] == ["made by the script"]
    monkeypatch.setattr(journal_module, "SCRIPTS", SCRIPTS)
    with pytest.raises(JournalError, match="version 2"):
        Journal(closed.parent)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param((*SECOND, "CREATE TABLE second (a)"), id="a-statement-fails"),
        pytest.param((*SECOND, "UPDATE operation SET credential = 'nobody'"), id="rows-that-belong-to-nothing"),
    ],
)
def test_a_script_that_fails_leaves_the_older_version(
    closed: Path, monkeypatch: pytest.MonkeyPatch, script: tuple[str, ...]
) -> None:
    """All of it is taken back, and the journal goes on as it was."""
    monkeypatch.setattr(journal_module, "SCRIPTS", (*SCRIPTS, script))
    with pytest.raises(JournalError):
        Journal(closed.parent)
    monkeypatch.setattr(journal_module, "SCRIPTS", SCRIPTS)
    with Journal(closed.parent) as journal:
        assert journal._database.read(version_of) == 1
        assert journal._rows("SELECT name FROM sqlite_master WHERE name = 'second'") == []
        assert [seen.credential for seen in journal.open_operations()] == ["ci"]


def test_a_new_file_is_of_the_present_version(tmp_path: Path) -> None:
    """Made by the same scripts as an older one is brought up to date with."""
    path = tmp_path / "journal.db"
    create(path, (*SCRIPTS, SECOND), {})
    database = Database(path, (*SCRIPTS, SECOND), patience=1)
    assert database.read(version_of) == 2
    assert database.read(lambda db: db.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION
    database.close()


def test_what_a_killed_maker_left_is_no_journal(folder: Path) -> None:
    """It is made anew, from nothing."""
    folder.mkdir(mode=0o700)
    for name in (".journal.db.new", ".journal.db.new-journal"):
        (folder / name).write_bytes(noise(100))
    with Journal(folder) as journal:
        journal.enter(CI)
    assert not list(folder.glob(".journal*"))


# The disk, and other processes

FULL = """
import resource, sys
from pathlib import Path
from issuant.errors import JournalError
from issuant.rotation.journal import Journal
from issuant.rotation.states import State
from tests.leaks.detector import leaks, shown_by_error
from tests.rotation.lives import begun, creating

journal = Journal(Path(sys.argv[1]))
seen = begun(journal)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
size = journal.path.with_name("journal.db-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2000, hard))
try:
    creating(journal, seen)
except JournalError as error:
    print(type(error).__name__, error)
assert journal.operation(seen.id) == seen
assert journal.attempts(seen) == ()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(creating(journal, seen).state)
journal.close()
"""


def test_a_full_disk_takes_nothing_back_and_lets_nothing_half_through(folder: Path) -> None:
    """What was written is there, the move was not made, and it can be made once there is room."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)], capture_output=True, text=True, timeout=30, cwd=ROOT
    )
    assert done.stderr == ""
    refusal, state = done.stdout.splitlines()
    assert refusal.startswith("JournalError the journal")
    assert "cannot be written" in refusal
    assert state == "State.CREATING"


def test_a_full_file_is_told(journal: Journal) -> None:
    """SQLite's own limit of pages stands for the disk's."""
    seen = begun(journal)
    journal._database._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(JournalError, match="SQLITE_FULL"):
        journal.failed(seen, "x" * 1_000_000)
    assert journal.operation(seen.id) == seen


@pytest.fixture
def other(journal: Journal) -> Iterator[sqlite3.Connection]:
    """Another connection to the same file."""
    opened = sqlite3.connect(journal.path, isolation_level=None)
    yield opened
    opened.close()


def test_a_process_that_holds_the_file_is_waited_for_and_then_told(
    folder: Path, journal: Journal, other: sqlite3.Connection
) -> None:
    """Reading goes on meanwhile; opening the journal does, too."""
    journal.enter(CI)
    other.execute("BEGIN IMMEDIATE")
    with Journal(folder, patience=0.05) as second:
        with pytest.raises(BusyError, match="another process holds the journal"):
            second.begin(CI, code="0000000a")
        assert second.credential("ci") == journal.credential("ci")
        other.execute("ROLLBACK")
        assert second.begin(CI, code="0000000a").state is State.INTENT


def test_a_reader_does_not_keep_a_value_from_being_wiped(journal: Journal, other: sqlite3.Connection) -> None:
    """The move is made; the log is cut by the next write after the reader has gone."""
    log = journal.path.with_name("journal.db-wal")
    journal._database._connection.execute("PRAGMA busy_timeout = 50")
    seen = at_state(journal, State.CREATING)
    other.execute("BEGIN")
    other.execute("SELECT * FROM operation").fetchall()
    ended = journal.refused(seen, note="no")
    assert ended.sealed is None
    assert log.stat().st_size > 0
    other.execute("ROLLBACK")
    journal.failed(ended, "anything")
    assert log.stat().st_size == 0


def test_a_closed_journal_says_so(folder: Path) -> None:
    """Closing it twice is no harm."""
    journal = Journal(folder)
    journal.close()
    journal.close()
    with pytest.raises(JournalError):
        journal.credentials()


def test_a_backup_of_the_folder_is_a_journal(closed: Path, tmp_path: Path) -> None:
    """With its key beside it, or named."""
    shutil.copytree(closed.parent, tmp_path / "backup")
    with Journal(tmp_path / "backup") as journal:
        assert len(journal.open_operations()) == 1
