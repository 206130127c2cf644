"""No secret escapes through any row of the matrix of hostile replies, nor through a success."""

from __future__ import annotations

import logging
import warnings

import pytest
from issuant import IssuantError

from tests.hostile.fields import FIELD_ROWS
from tests.hostile.matrix import ROWS, Row
from tests.hostile.operations import (
    GALILEO_OWN_VALUE,
    ISSUING,
    MODES,
    OPERATIONS,
    Mode,
    Operation,
    perform,
)
from tests.hostile.wire import Wire
from tests.leaks.detector import leaks, shown_by_error, shown_by_outcome, texts_of
from tests.leaks.sending import good


def _kept(row: Row) -> bool:
    """Every kind of row in one mode; in the other, those that take another way through the code."""
    if row.mode == "async":
        return row.name.startswith(("break", "not-", "damaged")) or row.name in ("401-html", "200-html", "502-html")
    return "cut-" not in row.name and not row.name.startswith(("418", "999"))  # no other way than the rest


KEPT = tuple(row for row in (*ROWS, *FIELD_ROWS) if _kept(row))


def test_a_good_part_of_the_matrix_is_searched() -> None:
    """The selection is counted, so that a filter that keeps nothing is seen."""
    assert len(KEPT) > len((*ROWS, *FIELD_ROWS)) / 4
    assert len([row for row in KEPT if row.mode == "async"]) > 100


@pytest.mark.parametrize("row", [pytest.param(row, id=row.label) for row in KEPT])
def test_no_secret_escapes_from_a_hostile_reply(row: Row, caplog: pytest.LogCaptureFixture) -> None:
    """Credential, private key, issued and stored values: not in the error, its chain, our frames, logs or warnings."""
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as warned:
        result = perform(row.operation, row.mode, Wire(row.answer))

    shown = list(shown_by_error(result) if isinstance(result, IssuantError) else shown_by_outcome(result))
    shown += [("log", f"{record.getMessage()} {record.args!r}") for record in caplog.records]
    shown += [("warning", str(warning.message)) for warning in warned]
    assert leaks(shown, row.operation.secrets()) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "operation",
    [pytest.param(item, id=item.name) for item in (*OPERATIONS, GALILEO_OWN_VALUE)],
)
def test_no_secret_escapes_from_a_success(operation: Operation, mode: Mode, caplog: pytest.LogCaptureFixture) -> None:
    """An outcome can be printed, formatted, copied and logged whole."""
    caplog.set_level(logging.DEBUG)

    outcome = perform(operation, mode, Wire(good(operation)))

    assert not isinstance(outcome, IssuantError), str(outcome)
    logging.getLogger("app").warning("issued %s %r", outcome, outcome)
    shown = [*shown_by_outcome(outcome), *(("log", record.getMessage()) for record in caplog.records)]
    assert leaks(shown, operation.secrets()) == []


@pytest.mark.parametrize("operation", [pytest.param(item, id=item.name) for item in (*ISSUING, GALILEO_OWN_VALUE)])
def test_the_value_is_not_in_the_fields_of_an_issued_key(operation: Operation) -> None:
    """However deep the vendor's reply has it: who stores or logs the fields does not store or log the key."""
    outcome = perform(operation, "sync", Wire(good(operation)))

    assert not isinstance(outcome, IssuantError), str(outcome)
    assert outcome.secret.reveal() == operation.value
    assert leaks(texts_of(outcome.fields, "fields"), [operation.value]) == []
