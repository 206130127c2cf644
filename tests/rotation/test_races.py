"""Two processes at once: of those that would make the same move exactly one does, and the others are told."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from issuant.rotation.journal import Journal
from issuant.rotation.states import State

from tests.rotation.lives import CI_WITH_KEY, ROOT, begun

RACERS = 4

RACER = """
import sys
from pathlib import Path
from issuant.errors import BusyError, UnfinishedError
from issuant.rotation.journal import Journal
from issuant.rotation.markers import new_code
from issuant.rotation.states import State
from tests.rotation.lives import CI_WITH_KEY, creating

folder, act = Path(sys.argv[1]), sys.argv[2]
journal = None if act == "open" else Journal(folder)
seen = journal.operation(int(sys.argv[3])) if act == "attempt" else None
print("ready", flush=True)
sys.stdin.readline()
try:
    if act == "open":
        journal = Journal(folder)
        print("won" if journal.credentials() == () else "lost")
    elif act == "begin":
        journal.begin(CI_WITH_KEY, code=new_code())
        print("won")
    else:
        creating(journal, seen)
        print("won")
except UnfinishedError:
    print("unfinished")
except BusyError:
    print("busy")
journal.close()
"""


def raced(folder: Path, act: str, *more: str) -> Counter[str]:
    """Let some processes do the same at the same instant, and return what came of it."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(folder), act, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(RACERS)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    return Counter(racer.communicate(timeout=60)[0].strip() for racer in racers)


def test_one_process_begins_a_rotation(journal: Journal, folder: Path) -> None:
    """The others find it unfinished."""
    journal.enter(CI_WITH_KEY)
    assert raced(folder, "begin") == {"won": 1, "unfinished": RACERS - 1}
    assert len(journal.operations("ci")) == 1


def test_one_process_begins_the_attempt(journal: Journal, folder: Path) -> None:
    """So one create is sent; the others have seen an older state."""
    seen = begun(journal)
    assert raced(folder, "attempt", str(seen.id)) == {"won": 1, "busy": RACERS - 1}
    now = journal.operation(seen.id)
    assert (now.state, now.attempt, len(journal.attempts(now))) == (State.CREATING, 1, 1)


def test_any_number_of_processes_may_make_the_journal(folder: Path) -> None:
    """One makes it, with its key; all of them have the same."""
    assert raced(folder, "open") == {"won": RACERS}
    with Journal(folder) as journal:
        assert journal.credentials() == ()
    assert {path.name for path in folder.iterdir()} == {"journal.db", "journal.key", "locks"}
