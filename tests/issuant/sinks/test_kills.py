"""A real SIGKILL before every step of staging and promoting, and another process that goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.issuant.sinks.keyrings import KEYRINGS, ROOT
from tests.issuant.sinks.kills import NEW, OLD

Row = dict[str, Any]


def rows_of(spec: str, action: str, variables: dict[str, str] | None = None) -> list[Row]:
    """Return what came of killing the work on a sink at each of its steps."""
    script = Path(__file__).with_name("kills.py")
    done = subprocess.run(
        [sys.executable, str(script), spec, action],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(variables or {})},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: list[Row] = json.loads(done.stdout)
    assert [row["killed"] for row in found] == [True] * (len(found) - 1) + [False]
    assert {row["staged"] for row in found} == {True, False}, "some are killed before it is staged, some after"
    return found


def wrongs(rows: Sequence[Row], action: str, left: Sequence[str]) -> list[Row]:
    """Return the rows in which a reader saw neither value whole, or the end is not as it should be."""
    return [
        row
        for row in rows
        if row["seen"] not in (OLD, NEW)
        or (row["seen"] == NEW and not row["staged"])
        or row["value"] != (OLD if action == "take back" and not row["staged"] else NEW)
        or row["left"] != list(left)
    ]


@pytest.mark.parametrize("action", ["go on", "take back"])
def test_a_file_has_the_old_value_or_the_new_one_at_every_instant(action: str) -> None:
    """Whoever goes on comes to the end, and nothing of ours is left beside the file."""
    rows = rows_of("file:{}/key", action)
    assert len(rows) >= 12
    assert wrongs(rows, action, ["key"]) == []


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("a-daemon-of-ours", "go on"),
        ("a-daemon-of-ours", "take back"),
        ("gnome-keyring", "go on"),
        ("a-file", "go on"),
        ("a-file", "take back"),
    ],
)
def test_a_keyring_has_the_old_value_or_the_new_one_at_every_instant(kind: str, action: str) -> None:
    """With a daemon that outlives whoever is killed."""
    with KEYRINGS[kind]() as variables:
        rows = rows_of("keyring:issuant_TEST{}/bot", action, dict(variables))
    assert len(rows) >= 8
    assert wrongs(rows, action, []) == []


def test_a_sink_that_writes_over_what_stands_there_is_caught() -> None:
    """The same rows show it: a reader sees an empty file."""
    rows = rows_of("naive:{}/key", "go on")
    assert any(row["seen"] == "" for row in wrongs(rows, "go on", ["key"]))


STORE = """
import os, signal, sys
from issuant.secret import Secret
from issuant.sinks import open_sink
if sys.argv[3] == "killed":
    os.replace = lambda *names: os.kill(os.getpid(), signal.SIGKILL)
sink = open_sink(sys.argv[1])
sink.store(Secret(sys.argv[2]), sink.check(vacant=False))
"""


@pytest.mark.parametrize("spec", ["file:{}/place", "env:{}/place#KEY"], ids=["file", "env"])
def test_what_a_killed_store_leaves_behind_the_next_one_takes_away(spec: str, tmp_path: Path) -> None:
    """No file with a value stays where nobody looks for it."""
    run = [sys.executable, "-c", STORE, spec.format(tmp_path), NEW]
    assert subprocess.run([*run, "killed"]).returncode == -9
    assert subprocess.run([*run, "killed"]).returncode == -9
    (left,) = tmp_path.iterdir()
    assert NEW in left.read_text()
    assert subprocess.run([*run, "lives"]).returncode == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["place"]
