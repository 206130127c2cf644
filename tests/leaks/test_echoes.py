"""A server that repeats a secret gets it no further: neither a refusal nor a success shows it."""

from __future__ import annotations

import json
import logging

import pytest
from issuant import IssuantError

from tests.contract.places import put
from tests.hostile.operations import (
    FIREWORKS_ISSUE,
    GALILEO_OWN_VALUE,
    ISSUING,
    MODES,
    OPERATIONS,
    Mode,
    Operation,
    perform,
)
from tests.hostile.wire import Sent, Wire
from tests.leaks.detector import leaks, shown_by_error, shown_by_outcome
from tests.leaks.sending import FORMS, refusals

BOTH = pytest.mark.parametrize("mode", MODES)
ALL = (*OPERATIONS, GALILEO_OWN_VALUE)


ASYNC_FORMS = ("plain", "base64")  # a share: an event loop for each row takes longer than the row itself


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        pytest.param(form, mode, id=f"{form}-{mode}")
        for mode in MODES
        for form in FORMS
        if mode == "sync" or form in ASYNC_FORMS
    ],
)
@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in ALL])
def test_a_refusal_that_repeats_what_was_sent_is_not_shown(
    operation: Operation, form: str, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """Each secret of the call, in each form, in each place of an error body and in the headers."""
    caplog.set_level(logging.DEBUG)
    sent = [secret for secret in operation.secrets() if operation is GALILEO_OWN_VALUE or secret != operation.value]
    for secret in sent:
        for place, answer in refusals(FORMS[form](secret)):
            error = perform(operation, mode, Wire(answer))

            assert isinstance(error, IssuantError), place
            assert leaks(shown_by_error(error), operation.secrets()) == [], place
    assert leaks([("log", record.getMessage()) for record in caplog.records], operation.secrets()) == []


@BOTH
@pytest.mark.parametrize("form", ["plain", "url-quoted", "base64"])
@pytest.mark.parametrize("place", ["id", "name", "hint", "unknown", "field-name", "annotations", "request-id", "role"])
@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in ISSUING])
def test_a_success_that_repeats_its_value_prints_none_of_it(
    operation: Operation, place: str, form: str, mode: Mode
) -> None:
    """Whether it is taken for a success or not, nothing but `secret.reveal()` and `fields` gives the value."""
    echo = FORMS[form](operation.value)
    ours = operation is FIREWORKS_ISSUE
    good = operation.reply or {}
    changed: dict[str, dict[str, object]] = {
        "id": put(good, operation.id_place, echo),
        "name": put(good, operation.name_place, echo),
        "hint": {"prefix" if ours else "truncated": echo},
        "unknown": {"brandNew": [echo, {"deep": echo}]},
        "field-name": {echo: 1},
        "annotations": {"annotations": {"team": echo, echo: "team"}},
        "request-id": {},
        "role": {"email" if ours else "project_role": echo},
    }
    body = {**good, **changed[place]}
    headers = {"X-Request-ID": echo} if place == "request-id" else {}

    result = perform(operation, mode, Wire(Sent(body=json.dumps(body).encode(), headers=headers)))

    shown = shown_by_error(result) if isinstance(result, IssuantError) else shown_by_outcome(result)
    assert leaks(shown, operation.secrets()) == []
