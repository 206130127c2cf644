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
        pytest.param(lambda d: d["info"].update(title="2"), "#/info", id="info"),
        pytest.param(lambda d: d["info"].pop("version"), "#/info", id="version left out"),
        pytest.param(lambda d: d["servers"].pop(), "#/servers", id="servers"),
        pytest.param(lambda d: d.update(security=[]), "#/security", id="security"),
        pytest.param(lambda d: d.pop("security"), "#/security", id="security left out"),
        pytest.param(lambda d: d.update(tags=["Pets"]), "#/tags", id="tags that are none"),
        pytest.param(lambda d: d["components"].update(schemas=[]), "#/components/schemas", id="section that is none"),
        pytest.param(lambda d: d.update(components=[]), "#/components", id="components that are none"),
        pytest.param(
            lambda d: d["components"]["securitySchemes"]["Key"].update(name="X"),
            "#/components/securitySchemes/Key",
            id="scheme",
        ),
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
    fragments = [part for file, text in pages.items() for part in extract(text.encode(), file=file)]
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


def test_pages_of_two_versions_are_to_be_taken_anew() -> None:
    """Whatever else they differ in; the versions are told."""
    texts = {"one.md": page(pets()), "two.md": page(pets()).replace("version: 1.2.3", "version: 1.3.0")}
    fragments = [part for file, text in texts.items() for part in extract(text.encode(), file=file)]
    line = texts["one.md"].splitlines().index("  version: 1.2.3") + 1
    with pytest.raises(MergeError) as caught:
        merge(fragments)
    assert str(caught.value) == (f"one.md:{line} is of version 1.2.3, two.md:{line} of 1.3.0; take both anew, together")


def test_tags_are_united() -> None:
    """By name, in the order in which they are met; a page may have none."""
    tags: list[list[dict[str, Any]] | None] = [
        None,
        [{"name": "Pets"}],
        [{"name": "Owners", "description": "Of pets."}, {"name": "Pets"}],
    ]
    pages = []
    for number, own in enumerate(tags):
        document = {**pets(), "tags": own}
        if own is None:
            del document["tags"]
        pages.append(Fragment(file=f"{number}.md", document=document))
    assert merge(pages)["tags"] == [{"name": "Pets"}, {"name": "Owners", "description": "Of pets."}]
    assert tags[1] == [{"name": "Pets"}]


def test_a_tag_that_two_pages_describe_differently_is_named() -> None:
    """With both pages."""
    with pytest.raises(MergeError, match=r"^one\.md and two\.md describe the tag 'Pets' differently;"):
        merge(_pages(lambda other: other["tags"][0].update(description="Of all kinds.")))


def _with_scopes(scopes: dict[str, str], url: str = "https://pets.example/token") -> dict[str, Any]:
    document = pets()
    flow = {"tokenUrl": url, "scopes": scopes}
    document["components"]["securitySchemes"]["OAuth"] = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    return document


def test_the_scopes_of_a_scheme_are_united() -> None:
    """A page lists those of its own operations."""
    pages = [
        Fragment(file="one.md", document=_with_scopes({"read": "Look."})),
        Fragment(file="two.md", document=_with_scopes({"write": "Change.", "read": "Look."})),
        Fragment(file="three.md", document=_with_scopes({})),
    ]
    assert merge(pages) == _with_scopes({"read": "Look.", "write": "Change."})
    assert pages[0].document == _with_scopes({"read": "Look."})


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        pytest.param(
            _with_scopes({"read": "Look!"}),
            "#/components/securitySchemes/OAuth/flows/clientCredentials/scopes/read;",
            id="scope described differently",
        ),
        pytest.param(
            _with_scopes({"read": "Look."}, "https://other.example"),
            "#/components/securitySchemes/OAuth;",
            id="address",
        ),
    ],
)
def test_a_scheme_that_two_pages_describe_differently_is_named(other: dict[str, Any], problem: str) -> None:
    """Only scopes are united."""
    with pytest.raises(MergeError) as caught:
        merge(
            [Fragment(file="one.md", document=_with_scopes({"read": "Look."})), Fragment(file="two.md", document=other)]
        )
    assert str(caught.value).startswith(f"one.md and two.md differ at {problem}")


@pytest.mark.parametrize(
    ("one", "other", "pointer"),
    [
        ({"paths": {"/a": None}}, {"paths": {"/a": {}}}, "#/paths/~1a"),
        ({"paths": {"/a": {"get": {}}}}, {"paths": {"/a": "text"}}, "#/paths/~1a"),
        ({"components": {"schemas": [1]}}, {"components": {"schemas": {"A": {}}}}, "#/components/schemas"),
        ({"tags": ["A"]}, {"tags": [{"name": "A"}]}, "#/tags"),
        ({"paths": []}, {"paths": {"/a": {"get": {}}}}, "#/paths"),
    ],
    ids=["path", "path a text", "section", "tags", "paths"],
)
def test_documents_that_are_wrong_contradict_each_other_all_the_same(
    one: dict[str, Any], other: dict[str, Any], pointer: str
) -> None:
    """Whichever comes first; what both get wrong alike is said once."""
    first, second = Fragment(file="a.yaml", document=one), Fragment(file="b.yaml", document=other)
    for pages in ((first, second), (second, first)):
        with pytest.raises(MergeError, match=rf" differ at {pointer};"):
            merge(pages)
    assert merge((first, first)) == one


def test_one_document_is_what_it_is() -> None:
    """A whole document may be wrong in places that nobody wants, and is not looked at here."""
    document = {"openapi": "3.0.0", "paths": {"/a": None, "/b": {}}, "components": [], "tags": [{"name": "A"}] * 2}
    assert merge([Fragment(file="api.yaml", document=document)]) == document
