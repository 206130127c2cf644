"""The folder that the journal is kept in. Owns where it is, and that nobody else may look into it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from issuant.errors import JournalError

VARIABLE = "ISSUANT_STATE"
_OTHERS = 0o077
_PRIVATE = 0o700


def state_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder: $ISSUANT_STATE, else $XDG_STATE_HOME/issuant, else ~/.local/state/issuant.

    Nothing is touched. Raises JournalError where there is no home to put it in.
    """
    try:
        if env.get(VARIABLE):
            return Path(env[VARIABLE]).expanduser().absolute()
        base = env.get("XDG_STATE_HOME", "")
        # The specification wants a relative one to be ignored.
        return (Path(base) if os.path.isabs(base) else Path("~/.local/state").expanduser()) / "issuant"
    except RuntimeError:
        pass
    raise JournalError("there is no home folder to keep the journal in.", advice=f"Set {VARIABLE}.", field=VARIABLE)


def make_private(folder: Path) -> None:
    """Make the folder, for its owner alone, unless it is there. It is on disk when this returns.

    Raises JournalError where it cannot be made or written to, is another user's, or lets others in: what is kept there
    is not made to look safe by a silent change of its mode.
    """
    reason = None
    try:
        _make(folder)
        reason = _why_refused(folder)
    except OSError as cause:
        reason = f"cannot be made: {cause.strerror or type(cause).__name__}"
    if reason is not None:
        raise JournalError(
            f"the journal's folder {folder} {reason}.",
            advice=f"Mend that (a folder that lets others in: chmod 700), or name another folder in {VARIABLE}.",
            field=VARIABLE,
        )


def why_shared(found: os.stat_result) -> str | None:
    """Return why a file or folder is not its owner's alone; None where it is this user's, and closed to others."""
    if found.st_uid != os.geteuid():
        return "is another user's"
    if found.st_mode & _OTHERS:
        return f"is open to other users (mode {stat.S_IMODE(found.st_mode):03o})"
    return None


def sync_folder(folder: Path) -> None:
    """Put on disk which files are in a folder. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make(folder: Path) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for step in reversed(missing):
        try:
            step.mkdir(mode=_PRIVATE)
        except FileExistsError:  # another process was faster
            continue
        step.chmod(_PRIVATE)  # whatever the umask has taken
        sync_folder(step.parent)


def _why_refused(folder: Path) -> str | None:
    if not folder.is_dir():
        return "is no folder"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        return "cannot be written"
    return why_shared(folder.stat())
