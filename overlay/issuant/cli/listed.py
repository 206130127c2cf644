"""Printing a list as it comes. Owns what is said of items that cannot be read, and of a list that has nothing.

A list with an item that cannot be read is not complete, and does not end with 0.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from issuant.cli.facts import of_problem
from issuant.cli.output import REFUSED, emit, is_terminal, print_json, readable
from issuant.cli.tables import Table, rows_of
from issuant.cli.waiting import Waiting

if TYPE_CHECKING:
    from issuant.inventory import ItemProblem
    from issuant.listing import Listing

T = TypeVar("T")

# Without a handler, Python prints on standard error what the library logs of an item; it is told here.
_NO_LOG = logging.NullHandler()


def print_list(
    listing: Listing[T],
    table: Table[T],
    *,
    provider: str,
    as_json: bool,
    wanted: Callable[[T], bool] = lambda item: True,
    is_narrowed: bool = False,
) -> int:
    """Print the items that are `wanted`, and return the exit code.

    `is_narrowed` says that not all are asked for. Raises UnprintedError, and what
    going through the list raises.
    """
    logging.getLogger("issuant").addHandler(_NO_LOG)
    rows = rows_of(table, as_json=as_json)
    is_shared = is_terminal(sys.stdout)
    found, told = 0, 0
    with Waiting(provider, table.things) as waiting:
        try:
            for item in listing:
                waiting.count += 1
                if wanted(item):
                    found += 1
                    with waiting.aside() if is_shared else contextlib.nullcontext():
                        rows.add(table.facts(item))
        finally:
            with waiting.aside():
                rows.end()
                for problem in listing.problems:
                    told += 1
                    tell_problem(problem, provider, as_json=as_json)
    if not found and not told and is_shared and not as_json:
        emit(f"issuant: {provider} has no {'such ' if is_narrowed else ''}{table.things}.", err=True)
    return REFUSED if told else 0


def tell_problem(problem: ItemProblem, provider: str, *, as_json: bool) -> None:
    """Tell on standard error of an item of a list that cannot be read."""
    if as_json:
        print_json(of_problem(problem, provider), err=True)
    else:
        known = f", named {problem.name!r}" if problem.name else ""
        emit(f"issuant: warning: {provider}: {readable(str(problem))}{known}; it is left out.", err=True)
