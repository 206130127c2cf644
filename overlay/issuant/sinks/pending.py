"""The slot of a file: another file beside it, from which the value moves into place by one rename.

Facts
- Its name, `.issuant-SLOT-` and 16 hex digits of the digest of the file's name, is never too long, whatever that is
  called. What is being written has `.part` behind it, so that a slot is whole or not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from issuant.secret import Secret
from issuant.sinks.abilities import check_slot
from issuant.sinks.atomic import real_path, sync_folder, write_beside


def pending_path(path: Path, slot: str) -> Path:
    """Return where the slot of the file at `path` is. Raises ValueError for what can be no slot's name."""
    target = real_path(path)
    mark = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
    return target.parent / f".issuant-{check_slot(slot)}-{mark}"


def fill(pending: Path, content: Secret) -> None:
    """Put `content` into a slot, mode 0600 and synced. Raises OSError, and then the slot is as it was."""
    _write(_part(pending), pending, content)


def put_in(path: Path, content: Secret) -> None:
    """Replace the file at `path`, mode 0600 and synced. Raises OSError, and then it is as it was.

    What a kill leaves beside it the next call writes over, so hold the lock of the folder.
    """
    _write(_part(pending_path(path, "store")), real_path(path), content)


def _write(part: Path, target: Path, content: Secret) -> None:
    part.unlink(missing_ok=True)
    # Never through a link that somebody has laid there: O_EXCL makes a file, or fails.
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    write_beside(handle, str(part), target, content)


def move_in(pending: Path, path: Path) -> None:
    """Move what is in a slot to `path`, and sync the move. Raises OSError."""
    os.replace(pending, real_path(path))
    sync_folder(pending.parent)


def clear(pending: Path) -> None:
    """Remove a slot and what is left of an interrupted filling; a folder that is gone has neither. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        for leftover in (pending, _part(pending)):
            leftover.unlink(missing_ok=True)
        sync_folder(pending.parent)


def _part(pending: Path) -> Path:
    return pending.with_name(pending.name + ".part")
