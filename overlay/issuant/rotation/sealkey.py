"""Where the sealing key is kept. Owns finding it and making a new one; never shows it, nor what may hold it.

Facts
- A key file appears whole: it is written and synced beside its place, and linked there. A link, unlike a rename, does
  not take the place of a key that another process has made meanwhile.
"""

from __future__ import annotations

import os
import secrets
import stat
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

from issuant.errors import SealError, SinkNotReadyError
from issuant.rotation.sealing import KEY_BYTES, is_key
from issuant.rotation.statefolder import sync_folder, why_shared
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.abilities import ReadsBack
from issuant.sinks.command import JOURNAL_KEY

VARIABLE = JOURNAL_KEY
_LONGEST = 256  # of a key's file: 44 characters and a line break
_LOST = (
    "Put it back from a backup. Where it is lost, move the journal's folder away and keep it: values still under seal"
    " in it are lost, and `issuant strays` shows their keys."
)


def find_key(spec: Secret | str | None, folder: Path, *, create: bool) -> Secret:
    """Return the sealing key, as base64.

    Args:
        spec: `file:PATH`, `keyring:SERVICE/USER`, or `base64:…` with the key itself. None or empty: `journal.key` in
            the journal's folder.
        folder: the journal's folder.
        create: whether a new key is made where there is none.

    Raises SealError for a key that is missing, malformed or readable by others, and for a keyring that is locked or
    none; MissingExtraError where the keyring's package is not installed.
    """
    spec = Secret.wrap(spec)
    kind, place = _split(spec)
    if kind == "base64":
        return _usable(place, f"the key that is given ({VARIABLE})")
    if kind == "keyring":
        return _usable(_in_keyring(place.reveal(), create=create), "the key in the keyring")
    path = _path(place.reveal()) if place else folder / "journal.key"
    found = _read(path)
    if found is None and create:
        _write(path, Secret(new_key()))
        found = _read(path)
    if found is None:
        raise SealError(f"the journal's sealing key {path} is gone.", advice=_LOST, field=VARIABLE)
    return _usable(found, f"the sealing key {path}")


def new_key() -> str:
    """Return a new key."""
    return b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _split(spec: Secret) -> tuple[str, Secret]:
    """Return the kind of place, and the place, as a Secret since it may be the key itself."""
    if not spec:
        return "file", Secret("")
    for kind in ("file", "keyring", "base64"):
        place = Secret(spec.reveal().removeprefix(f"{kind}:"))
        if place and place != spec:
            return kind, place
    raise SealError(
        f"{VARIABLE} names no place of a key.",
        advice="Give file:PATH, keyring:SERVICE/USER or base64:KEY.",
        field=VARIABLE,
    )


def _usable(key: Secret, what: str) -> Secret:
    if not is_key(key):
        raise SealError(f"{what} is malformed.", advice=f"It is {KEY_BYTES} bytes in base64. {_LOST}", field=VARIABLE)
    return key


def _in_keyring(place: str, *, create: bool) -> Secret:
    """Return the key in the system's keyring, which takes no notice of two that store a first one at one instant."""
    reason = None
    try:
        sink = open_sink(f"keyring:{place}")
        found = sink.read() if isinstance(sink, ReadsBack) else None
        if found is None and create:
            sink.store(Secret(new_key()), sink.check(vacant=True))
            found = sink.read() if isinstance(sink, ReadsBack) else None
    except SinkNotReadyError as error:
        reason = error.reason
    if reason is not None:
        raise SealError(f"the sealing key: {reason}", advice="Unlock the keyring, or mend that.", field=VARIABLE)
    if found is None:
        raise SealError(f"the journal's sealing key keyring:{place} is gone.", advice=_LOST, field=VARIABLE)
    return found


def _path(place: str) -> Path:
    with suppress(RuntimeError):
        path = Path(place).expanduser()
        if path.is_absolute():
            return path
    raise SealError(
        f"{place!r} is no whole path: it would be another file from another folder.",
        advice="Write it out, from / on.",
        field=VARIABLE,
    )


def _read(path: Path) -> Secret | None:
    """Return what a key's file holds, None where there is none."""
    reason: str | None = None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would be waited for
        try:
            found = os.fstat(handle)
            reason = why_shared(found) if stat.S_ISREG(found.st_mode) else "is no regular file"
            if reason is None:
                return Secret(os.read(handle, _LONGEST).decode("ascii", "replace").strip())
        finally:
            os.close(handle)
    except FileNotFoundError:
        return None
    except OSError as cause:
        reason = f"cannot be read: {cause.strerror}"
    raise SealError(f"the sealing key {path} {reason}.", advice="Make it a file of yours, chmod 600.", field=VARIABLE)


def _write(path: Path, key: Secret) -> None:
    reason = None
    beside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, 0o600)
                file.write(key.reveal().encode() + b"\n")
                file.flush()
                os.fsync(handle)
            with suppress(FileExistsError):  # another process has made one, which is as good
                os.link(beside, path)
        finally:
            os.unlink(beside)
        sync_folder(path.parent)
    except OSError as cause:
        reason = cause.strerror
    if reason is not None:
        raise SealError(f"the sealing key {path} cannot be made: {reason}.", advice="Mend that.", field=VARIABLE)
