"""The tree of errors, what an error may show, and how it travels between processes."""

from __future__ import annotations

import inspect
import json
import pickle
import re

import pytest
from issuant import errors
from issuant.errors import Effect, FieldProblem, IssuantError
from issuant.secret import Secret

CLASSES = {
    name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, IssuantError)
}
VALUE = "fw_TEST_not_a_key"


def drawn_tree() -> dict[str, str | None]:
    """Return each class that the module's docstring draws, with the one that it hangs from."""
    parents: dict[str, str | None] = {}
    branch: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    (?P<bars>[│ ]*(?:[├└]── )?)(?P<name>[A-Z][A-Za-z]+Error)\b", line)
        if found is None:
            continue
        depth = len(found["bars"]) // 4
        del branch[depth:]
        parents[found["name"]] = branch[-1] if branch else None
        branch.append(found["name"])
    return parents


def full_error(kind: type[IssuantError] = errors.RefusedError) -> IssuantError:
    return kind(
        "it was refused.",
        advice="Ask again.",
        provider="galileo",
        operation="issue",
        field="name",
        status=422,
        code="missing",
        request_id="req-1",
        idempotency_key="idem-1",
        csr_pem="a certificate request",
        problems=(FieldProblem(location=("body", 0), kind="missing", message="Field required"),),
        retry_after=1.5,
        attempts=3,
        id="key-1",
        stored_in="file:key",
        effect=Effect.UNKNOWN,
    )


def test_the_tree_that_the_docstring_draws_is_the_tree_of_the_classes() -> None:
    """Every class stands in the drawing, under its own parent, and nothing else does."""
    real = {name: (kind.__base__.__name__ if kind.__base__ else None) for name, kind in CLASSES.items()}
    real["IssuantError"] = None
    assert drawn_tree() == real


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_says_what_it_means(name: str) -> None:
    """A class has a docstring of its own, not its parent's."""
    assert CLASSES[name].__dict__["__doc__"]


@pytest.mark.parametrize(
    ("base", "effect"),
    [
        pytest.param(errors.UsageError, Effect.NONE, id="usage"),
        pytest.param(errors.RefusedError, Effect.NONE, id="refused"),
        pytest.param(errors.NotSentError, Effect.NONE, id="not-sent"),
        pytest.param(errors.UnansweredError, Effect.NONE, id="unanswered"),
        pytest.param(errors.OutcomeUnknownError, Effect.UNKNOWN, id="outcome-unknown"),
        pytest.param(errors.UnusableReplyError, Effect.CREATED, id="unusable-reply"),
        pytest.param(errors.StoreFailedError, Effect.CREATED, id="store-failed"),
    ],
)
def test_the_kind_of_an_error_tells_whether_anything_was_created(base: type[IssuantError], effect: Effect) -> None:
    """The whole branch below a class agrees with it."""
    branch = [kind for kind in CLASSES.values() if issubclass(kind, base)]
    assert {kind("x").effect for kind in branch} == {effect}


@pytest.mark.parametrize("name", CLASSES)
def test_an_error_keeps_everything_through_a_pickle(name: str) -> None:
    """Type, text and every attribute come out as they went in."""
    error = full_error(CLASSES[name])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is CLASSES[name]
    assert vars(again) == vars(error)
    assert (str(again), again.args, again.effect) == (str(error), error.args, Effect.UNKNOWN)


@pytest.mark.parametrize("place", ["secret", "private_key"])
def test_an_error_that_carries_a_secret_is_not_pickled(place: str) -> None:
    """It refuses, and the refusal does not show the value."""
    error = full_error()
    setattr(error, place, Secret(VALUE))
    with pytest.raises(TypeError) as caught:
        pickle.dumps(error)
    assert VALUE not in str(caught.value)


def test_what_may_be_shown_is_everything_but_the_secrets() -> None:
    """`as_dict` has every attribute of the constructor except the two secrets, and is JSON."""
    error = full_error()
    error.secret = error.private_key = Secret(VALUE)
    shown = error.as_dict()
    parameters = set(inspect.signature(IssuantError).parameters)
    assert set(shown) == parameters - {"secret", "private_key"} | {"error"}
    assert VALUE not in json.dumps(shown)
    assert shown["problems"] == [{"location": ["body", 0], "kind": "missing", "message": "Field required"}]
    assert (shown["error"], shown["effect"], shown["retry_after"]) == ("RefusedError", "unknown", 1.5)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        pytest.param(IssuantError("it failed."), "it failed.", id="reason-alone"),
        pytest.param(IssuantError("it failed.", advice="Wait."), "it failed. Wait.", id="with-advice"),
        pytest.param(IssuantError("it failed.", provider="galileo"), "galileo: it failed.", id="with-provider"),
        pytest.param(
            IssuantError("it failed.", provider="galileo", operation="issue", status=503, request_id="r-1"),
            "galileo issue: it failed (HTTP 503, request r-1).",
            id="with-status-and-request",
        ),
        pytest.param(
            IssuantError("it failed.", request_id="r-1", idempotency_key="i-1", advice="Wait."),
            "it failed (request r-1, idempotency key i-1). Wait.",
            id="with-idempotency-key",
        ),
        pytest.param(
            IssuantError("it failed.", status=200, id="key-1"), "it failed (HTTP 200, id key-1).", id="with-id"
        ),
    ],
)
def test_an_error_reads_as_a_sentence(error: IssuantError, text: str) -> None:
    """Where, what, the facts for support, and what to do next, in this order."""
    assert str(error) == text


def test_no_text_of_an_error_shows_the_secret_it_carries() -> None:
    """repr, str and the arguments are made of words alone."""
    error = full_error(errors.StoreFailedError)
    error.secret = error.private_key = Secret(VALUE)
    assert VALUE not in f"{error!r} {error!s} {error.args}"
