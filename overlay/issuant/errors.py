"""Every error that issuant raises. Owns the tree; refuses to carry a secret in any text.

    IssuantError
    ├── UsageError                 I asked wrongly: nothing was sent
    │   ├── CredentialError          a credential is missing or malformed
    │   ├── InvalidRequestError      a field of the request is wrong
    │   ├── UnsupportedError         this provider cannot do that
    │   │   └── ByHandError            only a person can, in its console
    │   ├── MissingExtraError        an optional dependency is not installed
    │   ├── SinkNotReadyError        the value could not be stored there
    │   ├── JournalError             the journal of rotations cannot be used
    │   │   ├── JournalCorruptError    it is damaged
    │   │   ├── SealError              its key is missing, malformed, another one, or readable by others
    │   │   └── BusyError              another process is at work on it
    │   └── UnfinishedError          an issue or a rotation of that credential is still open
    ├── RefusedError               they refused: nothing was changed
    │   ├── AuthenticationError      401
    │   ├── PermissionDeniedError    403
    │   ├── NotFoundError            404
    │   ├── ConflictError            409
    │   └── RateLimitedError         429
    ├── WireError                  the wire failed
    │   ├── NotSentError             no connection: nothing was changed
    │   ├── UnansweredError          what was to be read did not come: nothing was changed
    │   └── OutcomeUnknownError      the reply was lost or is no answer: it may have taken effect
    ├── UnusableReplyError         they said yes, and what they sent cannot be used: `effect` tells what was created
    └── StoreFailedError           a key was created, and the sink did not take its value; the error carries it

`effect` says of each whether anything was changed or created. The texts are made of words of ours and of what
`issuant.redaction` lets through; values travel only as `Secret`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from issuant.secret import Secret


class Effect(enum.Enum):
    """Whether the call that failed has changed anything at the provider.

    Attributes:
        NONE: nothing was changed; it is safe to try again.
        UNKNOWN: it may have been; look before you repeat the call.
        CREATED: something was created, and what came of it did not get where it should.
    """

    NONE = "none"
    UNKNOWN = "unknown"
    CREATED = "created"


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One field that the provider found wrong.

    Attributes:
        location: where it is: names, and positions in lists, from the outside in.
        kind: the vendor's word for the fault.
        message: the vendor's words on it, as far as they may be shown.
    """

    location: tuple[str | int, ...]
    kind: str
    message: str


class IssuantError(Exception):
    """The base of all.

    Attributes:
        effect: whether anything was changed or created.
        reason: what happened, in a sentence.
        advice: what to do next, in a sentence.
        provider: the provider's name, or None where none is concerned.
        operation: the call, such as `issue`.
        field: the field of the request or credential that is wrong, where one is.
        status: the HTTP status of the reply, where there was one.
        code: the vendor's own code or error enum, as text.
        request_id: the vendor's id of the request, for its support.
        idempotency_key: the key that the create carried, where it carried one.
        problems: the fields that the provider found wrong.
        retry_after: seconds to wait, where the provider said so.
        attempts: how often it was tried to send the call; 0 where it never came to that.
        id: the id of what was created, where it is known.
        secret: the value that was created or made, where it is known and not yet stored.
        private_key: the private key that was made for the request, unless a sink holds it.
        csr_pem: the certificate request that was sent, so that the call can be repeated as it was.
        stored_in: the sink that holds the value.
    """

    effect = Effect.NONE

    def __init__(
        self,
        reason: str,
        *,
        advice: str = "",
        provider: str | None = None,
        operation: str | None = None,
        field: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        problems: tuple[FieldProblem, ...] = (),
        retry_after: float | None = None,
        attempts: int = 0,
        id: str | None = None,  # noqa: A002 - the field's own name
        secret: Secret | None = None,
        private_key: Secret | None = None,
        csr_pem: str | None = None,
        stored_in: str | None = None,
        effect: Effect | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.provider = provider
        self.operation = operation
        self.field = field
        self.status = status
        self.code = code
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        self.problems = problems
        self.retry_after = retry_after
        self.attempts = attempts
        self.id = id
        self.secret = secret
        self.private_key = private_key
        self.csr_pem = csr_pem
        self.stored_in = stored_in
        if effect is not None:
            self.effect = effect

    def __str__(self) -> str:
        place = " ".join(part for part in (self.provider, self.operation) if part)
        facts = [
            f"HTTP {self.status}" if self.status else "",
            f"id {self.id}" if self.id else "",
            f"request {self.request_id}" if self.request_id else "",
            f"idempotency key {self.idempotency_key}" if self.idempotency_key else "",
        ]
        named = ", ".join(fact for fact in facts if fact)
        text = f"{place}: {self.reason}" if place else self.reason
        if named:
            text = f"{text if text.endswith('..') else text.removesuffix('.')} ({named})."
        kept = f"The value is in {self.stored_in}." if self.stored_in and self.effect is not Effect.NONE else ""
        return " ".join(part for part in (text, kept, self.advice) if part)

    def as_dict(self) -> dict[str, object]:
        """Return what may be shown, ready for JSON: never a secret."""
        return {
            "error": type(self).__name__,
            "effect": self.effect.value,
            "provider": self.provider,
            "operation": self.operation,
            "reason": self.reason,
            "advice": self.advice,
            "field": self.field,
            "status": self.status,
            "code": self.code,
            "request_id": self.request_id,
            "idempotency_key": self.idempotency_key,
            "csr_pem": self.csr_pem,
            "problems": [
                {"location": list(item.location), "kind": item.kind, "message": item.message} for item in self.problems
            ],
            "retry_after": self.retry_after,
            "attempts": self.attempts,
            "id": self.id,
            "stored_in": self.stored_in,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle their positional arguments alone; without this, the rest would be lost between processes.
        # A Secret among the values refuses to be pickled, and so does the error that carries it.
        return _rebuild, (type(self), dict(self.__dict__))


def _rebuild(kind: type[IssuantError], state: Mapping[str, object]) -> IssuantError:
    error = kind(str(state["reason"]))
    error.__dict__.update(state)
    return error


class UsageError(IssuantError):
    """I asked wrongly. Nothing was sent."""


class CredentialError(UsageError):
    """A credential is missing or malformed. `field` names it."""


class InvalidRequestError(UsageError):
    """A field of the request is wrong. `field` names it."""


class UnsupportedError(UsageError):
    """This provider cannot do that; `issuant.capabilities()` can be asked beforehand."""


class MissingExtraError(UsageError):
    """An optional dependency is not installed; the text names the extra that brings it."""


class SinkNotReadyError(UsageError):
    """The value could not be stored there; found out before anything was created."""


class ByHandError(UnsupportedError):
    """The provider lets only a person do that, in its console; `advice` says who must do what there."""


class JournalError(UsageError):
    """The journal of rotations cannot be used as it is. What it holds has not been changed."""


class JournalCorruptError(JournalError):
    """The journal is damaged. It is left as it is; `advice` says what to do with it."""


class SealError(JournalError):
    """The key that seals values in the journal is missing, malformed, another one, or readable by others.

    Also a sealed value that this key does not open.
    """


class BusyError(JournalError):
    """Another process is at work on the journal or on the credential, or has just moved on what this one would move."""


class UnfinishedError(UsageError):
    """An issue or a rotation of that credential is still open, which has to come to its end first."""


class RefusedError(IssuantError):
    """The provider refused. Nothing was changed, unless `effect` says that an earlier attempt may have done it.

    `is_explained` says whether the reply had words, a code or fields as the provider writes them. Without them, it may
    be something on the way that refused.
    """

    is_explained = False


class AuthenticationError(RefusedError):
    """The provider does not accept the credential (401)."""


class PermissionDeniedError(RefusedError):
    """The credential may not do that (403)."""


class NotFoundError(RefusedError):
    """What the call names is not there (404, or no such key in the list)."""


class ConflictError(RefusedError):
    """It exists already (409)."""


class RateLimitedError(RefusedError):
    """Too many requests (429). `retry_after` is in seconds, where the provider gave it."""


class WireError(IssuantError):
    """The wire failed."""


class NotSentError(WireError):
    """No connection came about, or a login before the call failed. Nothing was changed; it is safe to try again.

    `is_passing` says whether another attempt by itself may help.
    """

    is_passing = True


class UnansweredError(WireError):
    """What was to be read did not come, or is no answer. Nothing was changed; it is safe to try again."""


class OutcomeUnknownError(WireError):
    """The reply was lost, or is no answer to the call. The call may have taken effect; look before repeating it."""

    effect = Effect.UNKNOWN


class UnusableReplyError(IssuantError):
    """The provider said yes, and what it sent cannot be used.

    Where something was created (`effect`), `id` is its id, if the reply had one, so that it can be revoked;
    `secret` is its value, if the reply had that and only something else was wrong. A reading changes nothing.
    """

    effect = Effect.CREATED


class StoreFailedError(IssuantError):
    """A key was created, and the sink did not take its value. `id` and `secret` carry both."""

    effect = Effect.CREATED
