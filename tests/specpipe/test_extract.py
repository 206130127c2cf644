"""A page gives its OpenAPI block, or an error that names file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest
from specpipe import yamlio
from specpipe.extract import extract
from specpipe.faults import PageError

from tests.specpipe.documents import page, pets

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"


def test_the_block_of_a_page_is_the_document() -> None:
    """Text around it, and fences of other languages, are no part of it."""
    text = "```python\nprint()\n```\n" + page(pets())
    (fragment,) = extract(text, file="page.md")
    assert fragment.document == pets()
    assert fragment.url is None


def test_the_url_of_the_info_string_is_kept() -> None:
    """`yaml URL put /path` tells where the vendor has the whole document."""
    (fragment,) = extract(page(pets(), "yaml https://pets.example/openapi.json put /pets/{pet_id}"), file="page.md")
    assert fragment.url == "https://pets.example/openapi.json"


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    """A description may hold a fence of three ticks where the block has four."""
    document = pets()
    document["info"]["description"] = "Like this:\n```\nnot the end\n```\nand on."
    (fragment,) = extract(page(document), file="page.md")
    assert fragment.document == document


@pytest.mark.parametrize(
    ("name", "write"),
    [("api.json", partial(json.dumps, indent="\t")), ("api.yaml", yamlio.dump)],
    ids=["json", "yaml"],
)
def test_a_whole_document_is_read_by_its_ending(name: str, write: Callable[[object], str]) -> None:
    """JSON with tabs and escapes as JSON has them."""
    document = pets()
    document["info"]["title"] = "A \N{DOG FACE}\t/"
    (fragment,) = extract(write(document), file=name)
    assert fragment.document == document


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("# A page\n", r"p\.md:1: there is no fenced OpenAPI block", id="no block"),
        pytest.param("\n```yaml\na: 1\n```\n", r"p\.md:2: the block is not OpenAPI", id="another block"),
        pytest.param("```yaml\nswagger: '2.0'\n```\n", r"p\.md:2: this is not OpenAPI 3\.x", id="Swagger"),
        pytest.param("```yaml\nopenapi: 2.0.0\n```\n", r"p\.md:2: this is not OpenAPI 3\.x", id="OpenAPI 2"),
        pytest.param(f"```yaml\n{HEAD}```\n", r"p\.md:2: `paths` is missing", id="no paths"),
        pytest.param("```yaml\nopenapi: 3.1.0\n  x: 1\n```\n", r"p\.md:3: broken YAML", id="broken YAML"),
        pytest.param(
            f"a\n```yaml\n{HEAD}", r"p\.md:2: the fenced block that starts here is never closed", id="not closed"
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a:\n    $ref: '#/components/nothing'\n```\n",
            r"p\.md:6: the reference '#/components/nothing' leads nowhere",
            id="unknown reference",
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a:\n    $ref: other.yaml\n```\n",
            r"p\.md:6: the reference 'other\.yaml' leads nowhere",
            id="reference to a file",
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /zzz:\n```\n", r"p\.md:5: #/paths/~1zzz is not an object", id="empty path"
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a: [1]\n```\n", r"p\.md:5: #/paths/~1a is not an object", id="path a list"
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a:\n    get: x\n```\n",
            r"p\.md:6: #/paths/~1a/get is not an object",
            id="operation a text",
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a:\n    get:\n      responses:\n```\n",
            r"p\.md:7: #/paths/~1a/get/responses is not an object",
            id="empty responses",
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths:\n  /a:\n    parameters: {{}}\n```\n",
            r"p\.md:6: #/paths/~1a/parameters is not an array",
            id="parameters an object",
        ),
        pytest.param(
            f"```yaml\n{HEAD}paths: {{}}\ncomponents:\n  schemas:\n```\n",
            r"p\.md:6: #/components/schemas is not an object",
            id="empty schemas",
        ),
        pytest.param(
            f"```yaml get /b\n{HEAD}paths: {{}}\n```\n",
            r"p\.md:1: the info string names GET /b, which the block does not hold",
            id="another operation",
        ),
        pytest.param(
            f"```yaml something\n{HEAD}paths: {{}}\n```\n",
            r"p\.md:1: the info string ends in 'something'",
            id="odd info string",
        ),
    ],
)
def test_a_page_that_cannot_be_used_is_named_with_its_line(text: str, problem: str) -> None:
    """Lines count from 1 and from the top of the file."""
    with pytest.raises(PageError, match=problem):
        extract(text, file="p.md")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('{\n"a": }', r"api\.json:2: broken JSON", id="broken"),
        pytest.param('{"a": 1, "a": 2}', r"api\.json:1: the key 'a' stands twice", id="duplicate"),
    ],
)
def test_broken_json_is_named_with_its_line(text: str, problem: str) -> None:
    """The same errors as for a page."""
    with pytest.raises(PageError, match=problem):
        extract(text, file="api.json")


def test_what_looks_like_a_reference_in_data_is_none() -> None:
    """In an example, a default, and as the name of a property, `$ref` is a word like another."""
    document = pets()
    pet = document["components"]["schemas"]["Pet"]
    pet["properties"]["$ref"] = {"type": "string", "default": {"$ref": "#/no"}}
    pet["example"] = {"$ref": "#/nowhere"}
    assert extract(page(document), file="p.md")[0].document == document


def test_a_reference_below_a_default_response_counts() -> None:
    """`default` is a keyword of schemas, but the name of a response here."""
    document = pets()
    document["paths"]["/pets/{pet_id}"]["get"]["responses"]["default"] = {"$ref": "#/components/responses/No"}
    with pytest.raises(PageError, match="leads nowhere"):
        extract(page(document), file="p.md")
