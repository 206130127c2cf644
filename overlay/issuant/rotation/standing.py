"""What a key that a provider lists is to the journal. Owns the answer to "is it ours, and does anything need it?".

A key is known by its id, or by its whole name, which has been drawn for one attempt of one operation. A name that only
looks like one of ours proves nothing: it may be that of another journal.
"""

from __future__ import annotations

import sqlite3

from issuant.rotation.records import Holding, Standing

_CURRENT = (
    "SELECT name AS credential, NULL AS operation FROM credential WHERE provider = ? AND base_url = ? AND key_id = ?"
)

_OPERATIONS = """
    SELECT operation.credential, operation.id AS operation, operation.ended_at IS NULL AS is_open
    FROM operation JOIN credential ON credential.name = operation.credential
    WHERE credential.provider = :provider AND credential.base_url = :base_url AND (
        operation.key_id = :key_id
        OR (operation.old_key_id = :key_id AND (operation.ended_at IS NULL OR operation.state = 'done'))
        OR operation.id IN (SELECT operation FROM attempt WHERE key_id = :key_id OR name = :key_name))
    ORDER BY is_open DESC, operation.id DESC LIMIT 1"""


def standing_of(
    database: sqlite3.Connection, provider: str, base_url: str, key_id: str, key_name: str | None
) -> Holding:
    """Return what the journal knows of a key at a provider."""
    row = database.execute(_CURRENT, (provider, base_url, key_id)).fetchone()
    if row is not None:
        return Holding(standing=Standing.CURRENT, credential=row["credential"])
    key = {"provider": provider, "base_url": base_url, "key_id": key_id, "key_name": key_name}
    row = database.execute(_OPERATIONS, key).fetchone()
    if row is None:
        return Holding(standing=Standing.UNKNOWN)
    standing = Standing.IN_WORK if row["is_open"] else Standing.LEFT
    return Holding(standing=standing, credential=row["credential"], operation=row["operation"])
