"""What holds for a whole run: what is said at its end of hostile replies, faults and kills, also when several processes
share it, and that test modules are compiled once for all runs.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no test module decide whether those after it are kept compiled: one imports a script that keeps nothing."""
    before = sys.dont_write_bytecode
    try:
        return (yield)
    finally:
        sys.dont_write_bytecode = before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests of hostile replies and of kills report, of those that were run."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    nodes = {getattr(report, "nodeid", "") for report in reports}
    if any(node.startswith("tests/hostile/") for node in nodes):
        _tell_of_hostile_replies(terminalreporter, reports)
    if any(node.startswith("tests/rotation/") for node in nodes):
        from tests.rotation import matrix

        for line in matrix.lines(reports):
            terminalreporter.write_line(line)


def _tell_of_hostile_replies(terminalreporter: pytest.TerminalReporter, reports: list[Any]) -> None:
    """Print the table of faults, and the size of the matrix of replies, from its generator.

    With xdist, this process has collected nothing itself.
    """
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
