"""The lock tells where each page came from; its dates are days of vendoring."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from specpipe import lock, table, tools
from specpipe.faults import LockError, PageError

from tests.specpipe.conftest import DAY

PAGE = "specs/pets/put-pet.md"
LATER = date(2031, 2, 3)


def _vendor(root: Path, today: date) -> lock.Lock:
    return lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=today)


def test_a_source_has_its_address_digest_version_and_day(project: Path) -> None:
    """As the table and the page say them."""
    assert lock.read_lock(project).sources[PAGE] == {
        "sha256": hashlib.sha256((project / PAGE).read_bytes()).hexdigest(),
        "url": "https://docs.pets.example/put-pet",
        "version": "1.2.3",
        "date": DAY.isoformat(),
    }


def test_the_day_stays_while_the_bytes_stay(project: Path) -> None:
    """Vendoring again is no new vendoring, and what was generated is not forgotten."""
    assert _vendor(project, LATER) == lock.read_lock(project)


def test_other_bytes_have_another_day(project: Path) -> None:
    """And their own version."""
    page = project / PAGE
    page.write_text(page.read_text("utf-8").replace("version: 1.2.3", "version: 1.3.0"), "utf-8")
    entry = _vendor(project, LATER).sources[PAGE]
    assert (entry["date"], entry["version"]) == (LATER.isoformat(), "1.3.0")


def test_evidence_is_locked_without_being_read(project: Path) -> None:
    """It is no OpenAPI."""
    (project / table.TABLE).write_text(
        (project / table.TABLE).read_text("utf-8") + 'evidence = [{ file = "shot.txt" }]\n', "utf-8"
    )
    (project / "specs/pets/shot.txt").write_bytes(b"\xff")
    entry = _vendor(project, LATER).sources["specs/pets/shot.txt"]
    assert entry == {"sha256": hashlib.sha256(b"\xff").hexdigest(), "date": LATER.isoformat()}


def test_a_whole_document_has_its_version_where_it_has_one(project: Path) -> None:
    """And no document that it was taken from: it is that."""
    (project / table.TABLE).write_text(
        (project / table.TABLE).read_text("utf-8").replace("put-pet.md", "pets.json"), "utf-8"
    )
    path = project / "specs/pets/pets.json"
    for info, facts in {"{}": {}, '{"version": 7}': {"version": "7"}, "null": {}}.items():
        path.write_text(f'{{"openapi": "3.0.0", "info": {info}, "paths": {{"/a": {{"get": {{}}}}}}}}', "utf-8")
        entry = _vendor(project, LATER).sources["specs/pets/pets.json"]
        assert entry.keys() == {"sha256", "url", "date", *facts}
        assert facts.items() <= entry.items()


def test_every_difference_is_named(project: Path) -> None:
    """Edited, missing, not in the lock, in the lock alone."""
    providers, known = table.read_table(project), lock.read_lock(project)
    assert lock.differences(project, providers, known) == []
    (project / PAGE).write_text("edited", "utf-8")
    assert "its bytes are not those that were vendored" in lock.differences(project, providers, known)[0]
    (project / PAGE).unlink()
    assert lock.differences(project, providers, known) == [f"{PAGE}: missing"]
    other = lock.Lock(sources={"specs/pets/old.md": {}}, tools={})
    assert lock.differences(project, providers, other) == [
        "specs/pets/old.md: in the lock, but not in the table",
        f"{PAGE}: not in the lock; run `scripts/specs.py vendor`",
    ]


def test_a_page_that_cannot_be_used_is_not_locked(project: Path) -> None:
    """Missing, or without a block."""
    (project / PAGE).write_text("no block", "utf-8")
    with pytest.raises(PageError, match="no fenced OpenAPI block"):
        _vendor(project, LATER)
    (project / PAGE).unlink()
    with pytest.raises(LockError, match="missing"):
        _vendor(project, LATER)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"sources": {}}', '{"sources": {}, "tools": {}, "more": 1}', '{"sources": {"a": 1}, "tools": {}}'],
)
def test_what_is_no_lock_is_refused(project: Path, text: str) -> None:
    """An empty file too."""
    (project / lock.LOCK).write_text(text, "utf-8")
    with pytest.raises(LockError, match="not a lock"):
        lock.read_lock(project)


def test_a_missing_lock_says_what_to_do(tmp_path: Path) -> None:
    """The command that makes one."""
    with pytest.raises(LockError, match=r"run `scripts/specs\.py vendor`"):
        lock.read_lock(tmp_path)
