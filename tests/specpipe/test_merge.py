"""Pages of one API become one document, or an error that names both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from specpipe.extract import Fragment, extract
from specpipe.faults import MergeError
from specpipe.merge import merge

from tests.specpipe.documents import page, pets

Change = Callable[[dict[str, Any]], object]
PET = "/pets/{pet_id}"


def _pages(change: Change) -> tuple[Fragment, Fragment]:
    other = pets()
    change(other)
    return Fragment(file="one.md", document=pets()), Fragment(file="two.md", document=other)


def test_what_both_pages_say_alike_is_said_once() -> None:
    """Two equal pages are one document, down to the order."""
    assert merge(_pages(lambda other: None)) == pets()


def test_what_only_one_page_says_is_added() -> None:
    """Operations and components of both."""

    def change(other: dict[str, Any]) -> None:
        other["paths"] = {"/owners": {"get": {"responses": {}}}}
        other["components"]["schemas"] = {"Owner": {"type": "object"}}

    merged = merge(_pages(change))
    assert list(merged["paths"]) == [PET, "/owners"]
    assert set(merged["components"]["schemas"]) == {*pets()["components"]["schemas"], "Owner"}


def test_the_pages_are_left_alone() -> None:
    """Merging writes into a document of its own."""
    first, second = _pages(lambda other: other["components"]["schemas"].update(Owner={}))
    merge((first, second))
    assert first.document == pets()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param(lambda d: d["info"].update(version="2"), "#/info", id="info"),
        pytest.param(lambda d: d["servers"].pop(), "#/servers", id="servers"),
        pytest.param(lambda d: d.update(security=[]), "#/security", id="security"),
        pytest.param(lambda d: d.pop("security"), "#/security", id="security left out"),
        pytest.param(lambda d: d["tags"].append({"name": "More"}), "#/tags", id="tags"),
        pytest.param(lambda d: d.update(openapi="3.0.0"), "#/openapi", id="version of OpenAPI"),
        pytest.param(
            lambda d: d["components"]["schemas"]["Pet"]["required"].pop(), "#/components/schemas/Pet", id="component"
        ),
        pytest.param(
            lambda d: d["components"]["schemas"]["Problem"]["properties"]["message"].update(deprecated=1),
            "#/components/schemas/Problem",
            id="deep in a component",
        ),
        pytest.param(
            lambda d: d["paths"][PET]["get"].update(summary="x"), "#/paths/~1pets~1{pet_id}/get", id="operation"
        ),
        pytest.param(lambda d: d["paths"][PET].update(parameters=[]), "#/paths/~1pets~1{pet_id}", id="path"),
    ],
)
def test_a_contradiction_names_both_pages_and_the_place(change: Change, pointer: str) -> None:
    """Nothing is chosen for the vendor."""
    with pytest.raises(MergeError) as caught:
        merge(_pages(change))
    assert str(caught.value).startswith(f"one.md and two.md differ at {pointer};")


def test_a_contradiction_names_the_lines_of_both_pages() -> None:
    """Where they were read from text."""
    other = pets()
    other["components"]["schemas"]["Kind"]["enum"].append("fox")
    pages = {"one.md": page(pets()), "two.md": "\n\n" + page(other)}
    fragments = [part for file, text in pages.items() for part in extract(text, file=file)]
    line = pages["one.md"].splitlines().index("    Kind:") + 1
    with pytest.raises(
        MergeError, match=rf"^one\.md:{line} and two\.md:{line + 2} differ at #/components/schemas/Kind;"
    ):
        merge(fragments)


def test_true_and_one_are_not_the_same() -> None:
    """Python holds them equal, JSON does not."""

    def change(other: dict[str, Any]) -> None:
        other["components"]["schemas"]["Pet"]["properties"]["id"]["readOnly"] = 1

    with pytest.raises(MergeError, match="Pet"):
        merge(_pages(change))
