"""Every kind of change, in each direction and reversed, is judged as a person judged it."""

from __future__ import annotations

import pytest
from specpipe.diff.wire import WireChange, compare

from tests.specpipe.diff.wire_cases import Case, cases, document

CASES = cases()
Told = dict[str, list[WireChange]]


@pytest.fixture(scope="session")
def told() -> Told:
    """What is said of the table, by path: all changes in one pair of documents."""
    old = document({case.path: case.old for case in CASES})
    new = document({case.path: case.new for case in CASES})
    found: Told = {}
    for change in compare(old, new).changes:
        for use in change.uses:
            found.setdefault(use.operation.removeprefix("POST "), []).append(change)
    return found


def mistakes(case: Case, changes: list[WireChange]) -> list[str]:
    """What is said of a case otherwise than it is labelled."""
    uses = {(use.place, use.field) for change in changes for use in change.uses}
    breaks = any(change.breaks for change in changes)
    said = [f"{change.what} ({change.why})" for change in changes]
    found = [] if breaks == case.breaks else [f"breaks is {breaks}: {said}"]
    return found if uses == set(case.uses) else [*found, f"uses are {sorted(uses)}: {said}"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_change_is_judged_as_labelled_and_told_of_its_field(case: Case, told: Told) -> None:
    """Whether it breaks, and the one place that it is told of."""
    assert mistakes(case, told.get(case.path, [])) == []


def test_the_table_is_large_and_names_each_case_once() -> None:
    """At least sixty changes, and no two with one name or path."""
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len({case.path for case in CASES}) == len(CASES)


def test_a_wrong_label_is_noticed(told: Told) -> None:
    """Turned around, each label is found to be wrong."""
    for case in CASES:
        wrong = Case(name=case.name, path=case.path, old=case.old, new=case.new, breaks=not case.breaks, uses=case.uses)
        assert mistakes(wrong, told.get(case.path, [])) != []


ALONE = [
    case for case in CASES if case.path in ("/schema-1-request", "/schema-33-response-reversed", "/operation-4-on")
]


@pytest.mark.parametrize("case", ALONE, ids=lambda case: case.name)
def test_a_change_alone_is_judged_as_in_company(case: Case, told: Told) -> None:
    """One pair of documents for each says the same."""
    alone = compare(document({case.path: case.old}), document({case.path: case.new})).changes

    assert list(alone) == told.get(case.path, [])
