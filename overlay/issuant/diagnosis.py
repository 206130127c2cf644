"""Whether a connection is good for anything. Owns asking every reading question that a provider answers, once.

It changes nothing at the provider and shows no secret. Whether a credential may create or revoke cannot be found out
without doing so, and is not tried.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from issuant.adapters import Adapter, FollowsApprovals, KeepsSecrets, ListsKeys, ManagesUsers, TellsCaller
from issuant.errors import AuthenticationError, IssuantError, NotFoundError, NotSentError, PermissionDeniedError
from issuant.flow import Flow, Stream, collect
from issuant.inventory import Identity
from issuant.providers import Provider


class Answer(enum.Enum):
    """Whether a credential may do something.

    Attributes:
        YES: it was tried and worked.
        NO: the provider refused it.
        FAILED: it was tried, and no answer came that tells.
    """

    YES = "yes"
    NO = "no"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Ability:
    """One question that was asked.

    Attributes:
        operation: the method of the connection that asks it.
        answer: what came of it.
        error: the error that came in the place of an answer.
    """

    operation: str
    answer: Answer
    error: IssuantError | None = None


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What a connection is good for.

    Attributes:
        provider: the provider's name.
        base_url: where requests go.
        works: whether at least one question was answered.
        accepted: whether the provider accepts the credential: it works, or something was refused for want of permission
            in words of the provider's own. A bare 403 may be that of a proxy. A credential that is accepted and does
            not work may be one for another account.
        identity: whom the credential speaks for, where the provider tells.
        abilities: what was asked, and what came of it.
        clock_skew: how far the provider's clock is ahead of this machine's, to a second; None where it does not tell.
    """

    provider: str
    base_url: str
    works: bool
    accepted: bool
    identity: Identity | None = None
    abilities: tuple[Ability, ...] = ()
    clock_skew: timedelta | None = None


def diagnose(provider: Provider, adapter: Adapter, base_url: str) -> Flow[Diagnosis]:
    """Ask every reading question that the provider answers, the first page of each list. It raises no IssuantError."""
    questions: list[tuple[str, Callable[[], Flow[Any]]]] = []
    if isinstance(adapter, TellsCaller):
        questions.append(("whoami", adapter.whoami))
    if isinstance(adapter, ListsKeys):
        questions.append(("keys", lambda: _first_page(adapter.keys(owner=None, everyone=False))))
    if isinstance(adapter, KeepsSecrets):
        questions.append(("secrets", lambda: _first_page(adapter.secrets(account_id=None))))
    if isinstance(adapter, ManagesUsers):
        questions.append(("users", lambda: _first_page(adapter.users(account_id=None))))
    if isinstance(adapter, FollowsApprovals):
        questions.append(("approvals", lambda: _first_page(adapter.approvals())))
    identity = None
    abilities: list[Ability] = []
    for operation, ask in questions:
        answer, error = Answer.YES, None
        try:
            found = yield from ask()
            if isinstance(found, Identity):
                identity = found
        except IssuantError as caught:
            error = caught
            answer = Answer.NO if isinstance(caught, PermissionDeniedError | NotFoundError) else Answer.FAILED
        abilities.append(Ability(operation=operation, answer=answer, error=error))
        if isinstance(error, AuthenticationError | NotSentError):
            break  # every other question would meet the same
    works = any(one.answer is Answer.YES for one in abilities)
    return Diagnosis(
        provider=provider.name,
        base_url=base_url,
        works=works,
        accepted=works or any(knows_the_caller(provider, one.error) for one in abilities),
        identity=identity,
        abilities=tuple(abilities),
    )


def knows_the_caller(provider: Provider, error: IssuantError | None) -> bool:
    """Tell whether an error shows that the provider accepts the credential: a 403 in its own words."""
    if not isinstance(error, PermissionDeniedError) or not error.is_explained:
        return False
    return error.code is not None or not provider.codes_refusals


def _first_page(stream: Stream[Any]) -> Flow[None]:
    yield from collect(stream, lambda page: True)
