"""How the command writes what it tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from issuant.cli.facts import moment

LAST, FIRST = datetime(9999, 12, 31, 23, 59, 59), datetime(1, 1, 1)


@pytest.mark.parametrize(
    ("when", "text"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2029-12-31T22:00:00+00:00", id="utc"),
        pytest.param(LAST.replace(tzinfo=UTC), "9999-12-31T23:59:59+00:00", id="the-last"),
        pytest.param(
            LAST.replace(tzinfo=timezone(-timedelta(hours=12))), "9999-12-31T23:59:59-12:00", id="behind-the-last"
        ),
        pytest.param(
            FIRST.replace(tzinfo=timezone(timedelta(hours=12))), "0001-01-01T00:00:00+12:00", id="before-the-first"
        ),
    ],
)
def test_a_time_is_written_in_utc_where_utc_has_it(when: datetime | None, text: str | None) -> None:
    """With its own offset otherwise: a vendor's "never" may be the last moment there is."""
    assert moment(when) == text
