"""Every hostile reply becomes the one right error of ours, after exactly one request."""

from __future__ import annotations

import pytest
from issuant import IssuantError, PendingApproval, capabilities

from tests.hostile.fields import FIELD_ROWS
from tests.hostile.matrix import ROWS, Row
from tests.hostile.operations import IDEMPOTENCY_KEY, LISTED, OPERATIONS, perform
from tests.hostile.wire import Wire

ALL_ROWS = (*ROWS, *FIELD_ROWS)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.label) for row in ALL_ROWS])
def test_a_hostile_reply_becomes_one_error_of_ours_after_one_request(row: Row) -> None:
    """The type, the effect, the id and the value are as the row says; nothing is repeated and nothing chained."""
    wire = Wire(row.answer)

    result = perform(row.operation, row.mode, wire)

    assert len(wire.requests) == 1
    can = capabilities(row.operation.provider)
    if row.kind is None or (row.may_succeed and not isinstance(result, IssuantError)):
        assert not isinstance(result, IssuantError), str(result)
        if can.needs_approval:
            assert isinstance(result, PendingApproval)
        if row.may_succeed and row.operation.value:
            assert result.secret.reveal() == row.secret
        return
    assert type(result) is row.kind, str(result)
    assert result.effect is row.effect
    assert result.__cause__ is None
    assert result.__context__ is None
    assert len(str(result).splitlines()) == 1
    assert (result.provider, result.operation) == (row.operation.provider, row.operation.method)
    assert result.id == row.id
    assert (None if result.secret is None else result.secret.reveal()) == row.secret
    assert result.retry_after == row.retry_after
    assert (result.idempotency_key is not None) is can.idempotent_create
    assert result.idempotency_key in (None, IDEMPOTENCY_KEY) or row.operation not in LISTED


def test_the_matrix_has_rows_for_every_operation_in_both_modes(capsys: pytest.CaptureFixture[str]) -> None:
    """The matrix is generated, so it is counted: a generator that yields nothing would pass every test."""
    counts: dict[str, int] = {}
    for row in ALL_ROWS:
        cell = f"{row.operation.name} {row.mode}"
        counts[cell] = counts.get(cell, 0) + 1
    with capsys.disabled():
        print(f"\nhostile replies: {len(ALL_ROWS)} rows ({', '.join(f'{k} {v}' for k, v in counts.items())})")  # noqa: T201 - asked for

    assert len(counts) == 2 * len(OPERATIONS) >= 8
    assert min(counts.values()) > 300
    assert len({row.label for row in ALL_ROWS}) == len(ALL_ROWS)
