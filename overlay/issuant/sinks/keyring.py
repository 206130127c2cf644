"""An item of the system's keyring, through the library of that name. Owns asking it, and telling its failures.

What that library and its backends raise never leaves: their words may hold anything.

Facts
- A keyring has no way to store only where nothing has changed, so two processes that store in one item at the very
  same time may both think that they did; what each reads back tells. One process at a time is the caller's to see to.
- A person may have to unlock it, so it is asked in a thread of its own, and not for ever: the D-Bus library has no
  limit.
- Which backend there is, the library decides (its own configuration, PYTHON_KEYRING_BACKEND). Some keep plain text;
  that is the user's choice. The two that keep nothing are refused.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from issuant.errors import MissingExtraError
from issuant.secret import Secret
from issuant.sinks.abilities import check_slot
from issuant.sinks.atomic import changed_meanwhile, in_use
from issuant.sinks.contents import check_text, digest, not_ready, nothing_staged

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SECONDS = 120.0  # a person may have to look for a password

_USELESS = ("keyring.backends.fail", "keyring.backends.null")
_USUAL_SIZE = 4096  # characters of the probe where the value is not known yet: a private key has about 3300


class KeyringSink:
    """`keyring:SERVICE/USER`: the password of USER for SERVICE. A slot is that of `USER#issuant-SLOT`."""

    def __init__(self, service: str, user: str, *, replace: bool = True) -> None:
        self._service = service
        self._user = user
        self._replaces = replace

    @property
    def description(self) -> str:
        return f"keyring:{self._service}/{self._user}"

    def __repr__(self) -> str:
        return f"KeyringSink({self.description!r})"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Raise SinkNotReadyError unless the keyring takes, gives back and removes an item of that size.

        With `vacant`, or where nothing is to be replaced, also where it has the item. Raises MissingExtraError where
        the library is not installed.
        """
        check_text(value, self.description)
        found = digest(self.read())
        if found is not None and (vacant or not self._replaces):
            raise in_use(self.description, vacant=vacant)
        self._try(Secret("x" * (_USUAL_SIZE if value is None else len(value.reveal().encode()) or 1)))
        return found

    def store(self, value: Secret, found: object) -> None:
        """Set the item and read it back. Raises SinkNotReadyError."""
        if digest(self.read()) != found:
            raise changed_meanwhile(self.description)
        self._keep(self._user, value)

    def read(self) -> Secret | None:
        """Return the password; None where there is none. Raises SinkNotReadyError."""
        return self._read(self._user) or None

    def stage(self, value: Secret, slot: str) -> None:
        """Set the item of the slot and read it back. Raises SinkNotReadyError."""
        self._keep(self._slot(slot), value)

    def promote(self, slot: str, found: object) -> None:
        """Set the item to what is in that of the slot, and remove that. Raises SinkNotReadyError."""
        staged, present = self._read(self._slot(slot)), digest(self.read())
        if staged is None and present == found:
            raise nothing_staged(self.description)
        if staged is None:
            return
        if present not in (found, digest(staged)):
            raise changed_meanwhile(self.description)
        self._keep(self._user, staged)
        self._remove(self._slot(slot))

    def unstage(self, slot: str) -> None:
        """Remove the item of the slot. Raises SinkNotReadyError."""
        self._remove(self._slot(slot))

    def _try(self, value: Secret) -> None:
        probe = f"{self._user}#issuant-probe-{secrets.token_hex(4)}"
        self._ask(lambda ring: ring.set_password(self._service, probe, value.reveal()))
        kept = self._read(probe)
        self._remove(probe)
        self._compare(kept, value)

    def _slot(self, slot: str) -> str:
        return f"{self._user}#issuant-{check_slot(slot)}"

    def _read(self, user: str) -> Secret | None:
        return self._ask(lambda ring: _password(ring, self._service, user))

    def _keep(self, user: str, value: Secret) -> None:
        self._ask(lambda ring: ring.set_password(self._service, user, value.reveal()))
        self._compare(self._read(user), value)

    def _compare(self, kept: Secret | None, value: Secret) -> None:
        if kept != value:
            raise not_ready(f"{self.description} does not keep what is stored there", "Look at the keyring's settings.")

    def _remove(self, user: str) -> None:
        if self._read(user) is not None:
            self._ask(lambda ring: ring.delete_password(self._service, user))

    def _ask(self, question: Callable[[KeyringBackend], T]) -> T:
        """Return what `question` returns of the keyring. Raises SinkNotReadyError, and MissingExtraError."""
        outcome = _outcome(lambda: question(_backend()))
        if isinstance(outcome, str):
            raise not_ready(
                f"{self.description} cannot be used: {outcome}", "Unlock it, or look at what `keyring diagnose` says."
            )
        if outcome is None:
            raise MissingExtraError(
                "a keyring sink needs keyring, which is not installed.",
                advice="Install issuant[keyring].",
                field="sink",
            )
        return outcome[0]


def _backend() -> KeyringBackend:
    import keyring

    ring = keyring.get_keyring()
    if type(ring).__module__ in _USELESS:
        raise _NoBackendError
    return ring


class _NoBackendError(Exception):
    """The backend that was found keeps nothing."""


def _password(ring: KeyringBackend, service: str, user: str) -> Secret | None:
    found = ring.get_password(service, user)
    return None if found is None else Secret(found)


def _outcome(work: Callable[[], T]) -> tuple[T] | str | None:
    """Return what `work` returns, in a tuple, or why it failed, in words of ours; None where keyring is missing."""
    found: list[tuple[T] | str | None] = []

    def act() -> None:
        try:
            found.append((work(),))
        except Exception as error:  # noqa: BLE001 - a backend may raise anything, and whoever waits has to be told
            found.append(_words(error))

    thread = threading.Thread(target=act, name="issuant-keyring", daemon=True)
    thread.start()
    thread.join(SECONDS)
    return found[0] if found else f"it has not answered within {SECONDS:g} seconds"


def _words(error: Exception) -> str | None:
    if isinstance(error, ModuleNotFoundError) and error.name == "keyring":
        return None
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return "it is locked"
    if kinds & {"NoKeyringError", "_NoBackendError"}:
        return "this system has no keyring, or none that keeps anything"
    return f"it failed with {type(error).__name__}"
