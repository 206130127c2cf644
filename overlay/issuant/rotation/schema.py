"""The tables of the journal. Owns their form and its versions; a journal of an older version is brought up to date.

Facts
- Version n of the form is what the first n scripts make. A script runs in one transaction with its number, so that a
  journal is always of one version. Foreign keys are not looked at meanwhile; they are checked before the commit.
- An operation is open until it has an end, and a credential has one open operation at most: the index holds that,
  whichever process asks.
- Times are texts in UTC, all of one length, so that they sort; durations are seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from issuant.errors import JournalCorruptError, JournalError

APPLICATION = 0x69737375  # "issu": what kind of file this is

_FIRST = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE credential (
        name TEXT PRIMARY KEY,
        provider TEXT NOT NULL,
        base_url TEXT NOT NULL,
        scope TEXT NOT NULL,
        stem TEXT NOT NULL,
        request TEXT NOT NULL,
        sinks TEXT NOT NULL,
        key_id TEXT,
        key_name TEXT,
        owner TEXT,
        expires_at TEXT,
        fingerprint TEXT,
        entered_at TEXT NOT NULL,
        rotated_at TEXT)""",
    """CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        credential TEXT NOT NULL REFERENCES credential (name) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        revision INTEGER NOT NULL,
        code TEXT NOT NULL UNIQUE,
        attempt INTEGER NOT NULL,
        way INTEGER NOT NULL,
        doubtful INTEGER NOT NULL,
        old_key_id TEXT,
        old_owner TEXT,
        old_fingerprint TEXT,
        key_id TEXT,
        key_name TEXT,
        key_expires_at TEXT,
        idempotency_key TEXT,
        is_used_up INTEGER NOT NULL,
        request_id TEXT,
        sealed BLOB,
        sent_at TEXT,
        grace REAL NOT NULL,
        quiet REAL,
        lifetime REAL,
        due_at TEXT,
        note TEXT NOT NULL,
        error TEXT NOT NULL,
        failures INTEGER NOT NULL,
        began_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        ended_at TEXT)""",
    "CREATE UNIQUE INDEX one_open_operation ON operation (credential) WHERE ended_at IS NULL",
    "CREATE INDEX operation_of_credential ON operation (credential, id)",
    """CREATE TABLE delivery (
        operation INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        place TEXT NOT NULL,
        state TEXT NOT NULL,
        found TEXT,
        PRIMARY KEY (operation, position),
        UNIQUE (operation, place)) WITHOUT ROWID""",
    """CREATE TABLE attempt (
        operation INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name TEXT NOT NULL UNIQUE,
        key_id TEXT,
        fate TEXT NOT NULL,
        PRIMARY KEY (operation, number)) WITHOUT ROWID""",
    "CREATE INDEX attempt_by_key ON attempt (key_id)",
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        operation INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
        at TEXT NOT NULL,
        state TEXT NOT NULL,
        words TEXT NOT NULL)""",
    "CREATE INDEX event_of_operation ON event (operation, id)",
)

Script = Sequence[str]
"""Statements that lead from one version to the next."""

SCRIPTS: Sequence[Script] = (_FIRST,)


def version_of(database: sqlite3.Connection) -> int:
    """Return the version of the tables. Nothing is written."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def check_version(database: sqlite3.Connection, scripts: Sequence[Script]) -> None:
    """Raise JournalError for a journal of a newer version, JournalCorruptError for what is none of ours."""
    found = version_of(database)
    if found > len(scripts):
        raise JournalError(
            f"the journal is of version {found}, and this issuant knows versions up to {len(scripts)}.",
            advice="Use the issuant that wrote it, or a newer one.",
        )
    if found < 1 or database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise JournalCorruptError("the file is a database, and no journal of issuant.", advice="Move it away.")


def migrate(database: sqlite3.Connection, scripts: Sequence[Script]) -> None:
    """Bring the tables up to date, version by version. Two processes may do it at once.

    Raises what SQLite raises; then the journal is of the last version that was reached.
    """
    database.execute("PRAGMA foreign_keys = OFF")
    for version in range(version_of(database) + 1, len(scripts) + 1):
        database.execute("BEGIN IMMEDIATE")
        try:
            if version_of(database) < version:  # another process may have done it
                for statement in scripts[version - 1]:
                    database.execute(statement)
                if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
                    raise sqlite3.IntegrityError("the script leaves rows that belong to nothing")
                database.execute(f"PRAGMA application_id = {APPLICATION}")
                database.execute(f"PRAGMA user_version = {version}")
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
    database.execute("PRAGMA foreign_keys = ON")
