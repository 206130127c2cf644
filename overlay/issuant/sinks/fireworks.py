"""A secret in Fireworks' own store. Owns reaching it with the credentials of the environment.

Facts
- The vendor shows no value once it is stored, so nothing is read back or compared, and there is no slot: one call
  creates the secret or updates it.
- Whether there is one is told by the list: that a GET of one that is not there is a 404 is unverified.
- Storing the same value twice has the effect of storing it once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from issuant.connector import account_of, connect
from issuant.errors import IssuantError, SinkNotReadyError
from issuant.providers import find_provider
from issuant.secret import Secret
from issuant.sinks.atomic import in_use
from issuant.sinks.contents import not_ready

if TYPE_CHECKING:
    from issuant.connection import Connection
    from issuant.keys import StoredSecret
    from issuant.providers.fireworks import FireworksAccount

T = TypeVar("T")

_STAND_IN = Secret("x")  # for a value that is not known yet


class FireworksSecretSink:
    """`fireworks:[ACCOUNT_ID/]SECRET_ID#KEY_NAME`: a secret's value, which is KEY_NAME for what runs there.

    Without an account it is in that of the environment.
    """

    def __init__(self, secret_id: str, key_name: str, *, replace: bool = True) -> None:
        account_id, _, self._id = secret_id.rpartition("/")
        self._account_id = account_id or None
        self._key_name = key_name
        self._replaces = replace

    @property
    def description(self) -> str:
        return f"fireworks:{self._path}#{self._key_name}"

    def lasting(self) -> str:
        """Return the secret so that it is the same in any environment. Raises SinkNotReadyError for no account."""
        return f"{self._account_id or self._try(_own_account)}/{self._id}#{self._key_name}"

    @property
    def _path(self) -> str:
        return self._id if self._account_id is None else f"{self._account_id}/{self._id}"

    def __repr__(self) -> str:
        return f"FireworksSecretSink({self.description!r})"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Raise SinkNotReadyError unless the account's secrets can be listed and none has that id under another name.

        With `vacant`, or where nothing is to be replaced, also where there is one. Whether the credential may store one
        cannot be told without storing.
        """
        from issuant.providers.fireworks.request import check_id, check_secret

        self._try(lambda: check_id(self._id))
        self._try(lambda: check_secret(self._key_name, _STAND_IN if value is None else value))
        found = self._ask(self._found)
        if found is not None and found.key_name != self._key_name:
            raise not_ready(
                f"{self.description}: the secret is there, and stands under {found.key_name}",
                f"Give fireworks:{self._path}#{found.key_name}, or another id.",
            )
        if found is not None and (vacant or not self._replaces):
            raise in_use(self.description, vacant=vacant)
        return None

    def store(self, value: Secret, found: object) -> None:
        """Create or update the secret. Raises SinkNotReadyError, whose `effect` tells whether it may be stored."""
        self._ask(lambda fireworks: self._put(fireworks, value))

    def _found(self, fireworks: Connection) -> StoredSecret | None:
        listed = fireworks.secrets(account_id=self._account_id)
        return next((secret for secret in listed if secret.id == self._id), None)

    def _put(self, fireworks: Connection, value: Secret) -> None:
        fireworks.put_secret(self._id, key_name=self._key_name, value=value, account_id=self._account_id)

    def _ask(self, question: Callable[[Connection], T]) -> T:
        def ask() -> T:
            with connect("fireworks") as fireworks:
                return question(fireworks)

        return self._try(ask)

    def _try(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except IssuantError as error:
            refused = _as_sink_error(self.description, error)
        raise refused


def _own_account() -> str:
    return cast("FireworksAccount", account_of(find_provider("fireworks"))).account(None)


def _as_sink_error(description: str, error: IssuantError) -> SinkNotReadyError:
    """Return the error in the sink's name, without the one it comes from: its frames hold the environment."""
    return SinkNotReadyError(
        f"{description}: {error.reason}",
        advice=error.advice,
        field="sink",
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        retry_after=error.retry_after,
        attempts=error.attempts,
        effect=error.effect,
    )
