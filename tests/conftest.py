"""What is said at the end of a run of hostile replies and faults, also when several processes share it."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of faults, from what the tests report, and the size of the matrix of replies, from its generator:
    with xdist, this process has collected nothing itself.
    """
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    if not any(getattr(report, "nodeid", "").startswith("tests/hostile/") for report in reports):
        return
    from tests.hostile import table
    from tests.hostile.test_matrix import ALL_ROWS

    operations = {row.operation.name for row in ALL_ROWS}
    modes = {row.mode for row in ALL_ROWS}
    replies = len({(row.operation.name, row.name) for row in ALL_ROWS}) // len(operations)
    for line in table.lines(table.told(reports)):
        terminalreporter.write_line(line)
    terminalreporter.write_line(
        f"hostile matrix: {len(ALL_ROWS)} rows ({len(operations)} operations × about {replies} replies"
        f" × up to {len(modes)} modes)"
    )
