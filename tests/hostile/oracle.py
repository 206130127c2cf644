"""What has to come of a fault: one table, by what a request does and what a client sees. It knows nothing of how the
facade does it; the few ways that vendors have of their own stand below the table, each with its reason.

A request `reads`, `removes` by an id, `puts` (the same content twice is as good as once), is `keyed` (it carries an
idempotency key), `creates`, or is a `login` before the call.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from issuant import errors
from issuant.errors import Effect
from issuant.mocks import Request

from tests.hostile.errands import Errand
from tests.hostile.trial import RETRIES
from tests.hostile.wrongs import Sight, Wrong

_DENIES = re.compile("not found|not deleted|not allowed|fail|error|denied|unable|cannot")

Deed = Literal["reads", "removes", "puts", "keyed", "creates", "login"]
DEEDS: tuple[Deed, ...] = ("reads", "removes", "puts", "keyed", "creates", "login")

# `+` in front: it is sent again, and only what lasts becomes this error. Behind it the effect, where it is not NONE:
# `?` is UNKNOWN, `!` is CREATED where the error names what was created, and UNKNOWN where it does not.
_TABLE: dict[Sight, tuple[str, str, str, str, str, str]] = {
    #             reads          removes      puts         keyed        creates      login
    "refused":   ("Status",      "Status",    "Status",    "Status",    "Status",    "Login"),
    "limited":   ("+Limited",    "+Limited",  "+Limited",  "+Limited",  "+Limited",  "+Limited"),
    "failed":    ("+Unanswered", "+Unknown?", "+Unknown?", "Unknown?",  "Unknown?",  "+NotSent"),
    "elsewhere": ("Unanswered",  "Unknown?",  "Unknown?",  "Unknown?",  "Unknown?",  "NotSent"),
    "unsent":    ("+NotSent",    "+NotSent",  "+NotSent",  "+NotSent",  "+NotSent",  "+NotSent"),
    "unsendable": ("NotSent",    "NotSent",   "NotSent",   "NotSent",   "NotSent",   "NotSent"),
    "lost":      ("+Unanswered", "+Unknown?", "+Unknown?", "+Unknown?", "Unknown?",  "+NotSent"),
    "broken":    ("+Unusable",   "+Unusable?", "+Unusable!", "+Unusable!", "Unusable!", "+NotSent"),
    "senseless": ("Unusable",    "Unusable?", "Unusable!", "Unusable!", "Unusable!", "NotSent"),
    "misshapen": ("Unusable",    "",          "Unusable!", "Unusable!", "Unusable!", "NotSent"),
    "endless":   ("Unusable",    "",          "",          "",          "",          ""),
}  # fmt: skip

_KINDS: dict[str, type[errors.IssuantError]] = {
    "Limited": errors.RateLimitedError,
    "Unanswered": errors.UnansweredError,
    "Unknown": errors.OutcomeUnknownError,
    "Unusable": errors.UnusableReplyError,
    "NotSent": errors.NotSentError,
}
_BY_STATUS = {
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
}
_LOGIN_REFUSED = frozenset({400, 401, 403, 422})
LASTING = RETRIES.attempts
_AFTERWARDS = frozenset({"slow", "drop-after", "reset-after"})  # the reply is lost, and the request was carried out


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One request of an errand that is let be, as it was seen to come.

    Attributes:
        number: which of the different requests it is, from 1 on.
        request: the request.
        deed: what it does.
        status: that of its reply.
        is_empty: whether its reply has no body.
        has_pages: whether what it lists comes in pages.
        declared: the statuses that the document declares for it; the vendor's own for a login, of which it has none.
    """

    number: int
    request: Request
    deed: Deed
    status: int
    is_empty: bool
    has_pages: bool
    declared: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What has to come of it; `kind` None is success.

    Attributes:
        kind: the type of the error.
        effect: what the error has to say; `names` stands for CREATED where it names what was created, else UNKNOWN.
        arrivals: how often the request arrives; None where that is not the point.
        may_succeed: whether success is as good.
    """

    kind: type[errors.IssuantError] | None = None
    effect: Effect | Literal["names"] = Effect.NONE
    arrivals: int | None = None
    may_succeed: bool = False


def deed_of(errand: Errand, request: Request) -> Deed:
    """Tell what a request does, by its method, path and headers."""
    if "login" in request.path:
        return "login"
    if request.method == "GET":
        return "reads"
    if request.method == "DELETE" or request.path.endswith(":delete"):
        return "removes"
    if request.method == "PATCH" or (errand.method == "put_secret" and errand.act != "put_secret"):
        return "puts"
    if errand.name.endswith("put_new_secret"):
        return "puts"
    return "keyed" if "idempotency-key" in request.headers else "creates"


def is_asked_again(deed: Deed, sees: Sight) -> bool:
    """Tell whether a request of this deed is sent again."""
    return _TABLE[sees][DEEDS.index(deed)].startswith("+")


def expected(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected:
    """Return what has to come of a fault that is met so many times: once, or as often as anybody tries."""
    return _own_way(errand, spot, wrong, times) or _by_table(spot, wrong, times)


def _by_table(spot: Spot, wrong: Wrong, times: int) -> Expected:
    entry = _TABLE[wrong.sees][DEEDS.index(spot.deed)]
    again, word = entry.startswith("+"), entry.strip("+?!")
    if not word:
        return Expected(arrivals=1)
    if spot.deed == "login" and wrong.sees == "broken" and wrong.fault.kind == "gzip-bomb":
        again = False  # no coding is asked for, so that what comes is small, and no JSON
    if again and times < LASTING:
        return Expected(arrivals=times + 1)
    effect: Effect | Literal["names"] = Effect.UNKNOWN if entry.endswith("?") else Effect.NONE
    if entry.endswith("!"):
        effect = "names"
    return Expected(kind=_kind(word, wrong.status), effect=effect, arrivals=LASTING if again else 1)


def _kind(word: str, status: int) -> type[errors.IssuantError]:
    if word == "Status":
        return _BY_STATUS.get(status, errors.RefusedError)
    if word == "Login":
        return errors.AuthenticationError if status in _LOGIN_REFUSED else errors.NotSentError
    return _KINDS[word]


def _own_way(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    """Return what comes of it where a vendor or an errand has a way of its own; None where the table holds."""
    for way in _WAYS:
        found = way(errand, spot, wrong, times)
        if found is not None:
            return found
    return None


def _of_lists(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if wrong.sees == "endless" and not (spot.has_pages and errand.goes_through):
        return Expected()  # nobody wants the next page, or it has none
    if wrong.sees == "endless":
        return Expected(kind=errors.UnusableReplyError)
    if wrong.sees == "misshapen" and spot.deed == "reads":
        # An item that cannot be read is a problem of that item, and a field that nobody needs is none.
        return Expected(kind=errors.UnusableReplyError, may_succeed=True, arrivals=1)
    return None


def _of_logins(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if spot.deed == "login" and wrong.is_refused_by_vendor and wrong.status in (408, 501):
        # A login that the vendor itself fails is tried again, whatever 5xx it is, and after no 4xx.
        found = Expected(kind=errors.NotSentError, arrivals=1 if wrong.status == 408 else LASTING)
        return Expected(arrivals=2) if wrong.status == 501 and times == 1 else found
    if errand.logs_in and spot.number > 2 and wrong.status == 401:
        # The token is not new: with another one it is sent again, and once only.
        return Expected(kind=errors.AuthenticationError if times > 1 else None, arrivals=2)
    return None


def _of_repeating(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if spot.deed == "removes" and (wrong.sees == "broken" or (wrong.name in _AFTERWARDS and times < LASTING)):
        # At the second try it is not there, and nobody knows whether it ever was.
        return Expected(kind=errors.NotFoundError, effect=Effect.UNKNOWN, arrivals=2)
    if spot.deed == "puts" and spot.request.method == "POST" and wrong.sees == "broken" and spot.status < 300:
        return Expected(arrivals=2)  # it is there at the second try, and is updated
    if spot.status >= 400 and wrong.spoils and wrong.sees != "lost":
        return Expected(arrivals=1)  # a status that tells enough: what it says besides is not needed
    return None


def _of_removals(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if spot.deed != "removes" or wrong.sees != "misshapen":
        return None
    body = _object_of(wrong)
    confirms = {
        "galileo": body is not None and isinstance(body.get("message"), str) and not _DENIES.search(body["message"]),
        "fireworks": not body,  # its own reply is empty, and has no shape to spoil
    }.get(errand.provider, True)
    return (
        Expected(arrivals=1)
        if confirms and wrong.status in (0, 200, 204)  # 202 promises it for later
        else Expected(kind=errors.UnusableReplyError, effect=Effect.UNKNOWN, arrivals=1)
    )


def _object_of(wrong: Wrong) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(wrong.fault.content) if wrong.fault.kind == "body" else None
    return found


def _of_fireworks(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if errand.name == "fireworks-key" and wrong.forges and wrong.sees == "misshapen":
        # A list that an object does not have is an empty one (proto3), but not in an object of something else.
        return Expected(kind=errors.UnusableReplyError if _object_of(wrong) else errors.NotFoundError)
    if errand.provider == "fireworks" and spot.deed == "puts" and spot.request.method == "POST" and wrong.status == 409:
        # It is taken for there, and updated; where it is not there, that is refused.
        is_there = errand.name.endswith("replace_secret")
        return Expected(arrivals=1) if is_there else Expected(kind=errors.NotFoundError, arrivals=1)
    return None


def _of_fireblocks(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    if errand.provider != "fireblocks":
        return None
    if errand.method in ("approvals", "diagnose") and spot.has_pages and wrong.status == 403:
        return Expected()  # what waits for its own approval may be seen all the same
    if errand.method == "approval" and wrong.status in (403, 404):
        return Expected()  # the list of users may tell, and where that is refused too, nothing is known
    if errand.method != "issue" or spot.deed != "keyed":
        return None
    if wrong.is_empty and wrong.status < 300:
        return Expected(arrivals=1)  # it is what a success looks like
    is_internal = wrong.is_refused_by_vendor and wrong.status == 500  # a gateway has the others
    if not is_internal or errand.name.endswith(("_own_key", "_anew")):
        return None
    # It looks whether anything was made, and asks once more with a new key.
    if times == 1:
        return Expected(arrivals=2)
    return Expected(kind=errors.OutcomeUnknownError, effect=Effect.UNKNOWN, arrivals=2)


def _of_asking_anew(errand: Errand, spot: Spot, wrong: Wrong, times: int) -> Expected | None:
    """The first request has failed already. What goes wrong while it is looked what came of it leaves the doubt."""
    if not errand.name.endswith("_anew"):
        return None
    if spot.deed != "reads":
        found = _of_fireblocks(errand, spot, wrong, times) or _by_table(spot, wrong, times)
        return replace(found, arrivals=(found.arrivals or 0) + 1)
    if is_asked_again("reads", wrong.sees) and times < LASTING:
        return Expected(arrivals=times + 1)
    if wrong.sees == "endless" and not spot.has_pages:
        return Expected()
    return Expected(kind=errors.OutcomeUnknownError, effect=Effect.UNKNOWN)


_WAYS = (_of_asking_anew, _of_logins, _of_removals, _of_fireworks, _of_lists, _of_repeating, _of_fireblocks)
