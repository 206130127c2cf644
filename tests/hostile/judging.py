"""Judging a cell of the fault matrix: what came of it against what had to, what was made, and what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from issuant import Effect, Retries
from issuant.diagnosis import Diagnosis
from issuant.errors import IssuantError
from issuant.inventory import Removed

from tests.contract.acts import Listed
from tests.hostile.cells import Cell, course, meets, patience, prepare
from tests.hostile.oracle import LASTING, Expected, expected
from tests.hostile.trial import RETRIES, Carry, RunawayError, Stand, Trial, attempt
from tests.leaks.detector import leaks, shown_by_error


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of a cell: a letter for the table, what is wrong with it, and what must stand in no log."""

    letter: str
    faults: tuple[str, ...]
    secrets: tuple[str, ...] = ()


def judge(cell: Cell, subject: Stand, trial: Trial) -> Verdict:
    """Return what came of a cell, with all that is not as it has to be."""
    wanted = expected(cell.errand, cell.spot, cell.wrong, cell.times)
    error = told(trial)
    faults = [
        *_of_kind(wanted, error),
        *_of_arrivals(cell, wanted, trial, error),
        *_of_state(cell, trial),
        *(_of_error(trial.error, subject) if trial.error is not None else _of_success(cell, subject, trial, error)),
    ]
    return Verdict(letter=letter(error), faults=tuple(faults), secrets=subject.secrets())


def told(trial: Trial) -> IssuantError | None:
    """Return the error that tells of the fault; a diagnosis keeps it with the question."""
    if isinstance(trial.outcome, Diagnosis):
        return next((one.error for one in trial.outcome.abilities if one.error is not None), None)
    return trial.error


_LETTERS: Mapping[str, str] = {
    "AuthenticationError": "a",
    "PermissionDeniedError": "p",
    "NotFoundError": "f",
    "ConflictError": "c",
    "RateLimitedError": "l",
    "RefusedError": "r",
    "NotSentError": "n",
    "UnansweredError": "u",
    "OutcomeUnknownError": "?",
}
_UNUSABLE = {Effect.NONE: "x", Effect.UNKNOWN: "!", Effect.CREATED: "+"}
LEGEND = (
    "· succeeds  a p f c l r refused (401 403 404 409 429 others)  n not sent  u unanswered  ? outcome unknown",
    "unusable: x nothing changed, ! it may have, + created.  A star behind it: survived where it happens once",
)


def letter(error: IssuantError | None) -> str:
    """Return the letter of what came of it."""
    if error is None:
        return "·"
    name = type(error).__name__
    return _UNUSABLE[error.effect] if name == "UnusableReplyError" else _LETTERS.get(name, "#")


def _of_kind(wanted: Expected, error: IssuantError | None) -> Iterator[str]:
    if error is None:
        if wanted.kind is not None and not wanted.may_succeed:
            yield f"it succeeds, and has to be a {wanted.kind.__name__}"
        return
    if type(error) is not wanted.kind:
        yield f"it is a {type(error).__name__} ({error}), and has to be {_named(wanted.kind)}"
        return
    effect = wanted.effect
    if effect == "names":
        effect = Effect.CREATED if error.id or error.secret else Effect.UNKNOWN
        if error.effect is Effect.CREATED and wanted.kind is not None:
            return  # an object came, of which nobody can tell the id
    if error.effect is not effect:
        yield f"its effect is {error.effect.value}, and has to be {effect}"


def _named(kind: type[IssuantError] | None) -> str:
    return "a success" if kind is None else f"a {kind.__name__}"


def _of_arrivals(cell: Cell, wanted: Expected, trial: Trial, error: IssuantError | None) -> Iterator[str]:
    met = [request for request in trial.arrived if meets(cell)(request)]
    # Where it stands twice in the course, as one question is asked for two purposes, the second is no attempt.
    more = _again_in_course(cell) if error is None or isinstance(trial.outcome, Diagnosis) else 0
    if isinstance(trial.outcome, Diagnosis):
        more = max(more, 1)  # what one question did not learn, another asks for
    if wanted.arrivals is not None and not wanted.arrivals <= len(met) <= wanted.arrivals + more * LASTING:
        yield f"its request arrived {len(met)} times, and has to {wanted.arrivals} times"
    # An error of several requests, as after two tokens or while it is looked what came of another, counts its own.
    is_of_one = not more and not cell.errand.logs_in and not (cell.errand.goes_wrong and cell.spot.deed == "reads")
    if error is not None and error.status is not None and is_of_one and error.attempts != len(met):
        yield f"it says {error.attempts} attempts, of {len(met)}"


def _again_in_course(cell: Cell) -> int:
    return sum(meets(cell)(request) for request in course(cell.errand)[0].arrived) - 1


def _of_state(cell: Cell, trial: Trial) -> Iterator[str]:
    """No key is made twice, nothing is lost, and what says NONE has changed nothing."""
    made, removed = len(trial.made), len(trial.removed)
    if made > cell.errand.makes:
        yield f"{made} things were made"
    if removed > (cell.errand.kind == "remove"):
        yield f"{removed} things were removed"
    if cell.wrong.forges:
        return
    if trial.error is None and made != cell.errand.makes:
        yield f"it succeeds, and {made} things were made"
    if trial.error is None and removed != (cell.errand.kind == "remove"):
        yield f"it succeeds, and {removed} things were removed"
    if trial.error is not None and trial.error.effect is Effect.NONE and (made or removed):
        yield f"it says that nothing was changed: {made} things were made, {removed} removed"
    if trial.error is not None and trial.error.effect is Effect.CREATED and not made and cell.errand.makes:
        yield "it says that something was created, and nothing was"


def _of_error(error: IssuantError, subject: Stand) -> Iterator[str]:
    if (error.__cause__, error.__context__) != (None, None):
        yield "it is chained to another error"
    if len(str(error).splitlines()) != 1:
        yield "its text has several lines"
    if error.provider != subject.errand.provider:
        yield f"its provider is {error.provider}"
    yield from (f"a secret is in {channel}" for channel in leaks(shown_by_error(error), subject.secrets()))
    if error.secret is not None and error.secret.reveal() not in (*subject.issued, *subject.errand.gives):
        yield "its value is none that was issued"


def _of_success(cell: Cell, subject: Stand, trial: Trial, error: IssuantError | None) -> Iterator[str]:
    """What came is what would have come without the fault, and every item once."""
    hidden = subject.hidden()
    if error is not None:
        yield from (f"a secret is in {channel}" for channel in leaks(shown_by_error(error), hidden))
        return
    good = course(cell.errand)[0].outcome
    found = trial.outcome
    if cell.wrong.forges:
        pass
    elif type(found) is not type(good):
        yield f"it is a {type(found).__name__}"
    elif isinstance(found, Listed):
        ids = [getattr(item, "id", None) or getattr(item, "request_id", None) for item in found.items]
        if any(one == other for one, other in pairwise(sorted(map(str, ids)))):
            yield "an item came twice"
        if len(found.items) != len(good.items) and not found.problems and cell.wrong.status != 403:
            yield f"{len(found.items)} items came, of {len(good.items)}"
    elif isinstance(found, Removed) and found.id not in {name.rsplit("/", 1)[-1] for _, name in trial.removed}:
        yield "what it says is gone is not what is gone"
    elif hasattr(found, "secret") and found.secret.reveal() not in (*subject.issued, *subject.errand.gives):
        yield "its value is none that was issued"
    yield from (f"a secret is in its {channel}" for channel in leaks([("repr", repr(found))], hidden))


def run(cell: Cell, *, carry: Carry = Stand.transport, retries: Retries = RETRIES) -> Verdict:
    """Try a cell in process, and judge it."""
    subject = prepare(cell)
    try:
        trial = attempt(subject, cell.mode, carry=carry, timeout=patience(cell), retries=retries)
    except RunawayError:
        return Verdict(letter="#", faults=("its requests do not end",))
    return judge(cell, subject, trial)
