"""A page gives its OpenAPI block, or an error that names file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest
from specpipe import yamlio
from specpipe.extract import Fragment, extract
from specpipe.faults import PageError

from tests.specpipe.documents import page, pets

PET = "/pets/{pet_id}"
HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"


def _extract(text: str, *, file: str) -> tuple[Fragment, ...]:
    return extract(text.encode(), file=file)


def test_the_block_of_a_page_is_the_document() -> None:
    """Text around it, and fences of other languages, are no part of it."""
    text = "```python\nprint()\n```\n" + page(pets())
    (fragment,) = _extract(text, file="page.md")
    assert fragment.document == pets()
    assert fragment.source is None


@pytest.mark.parametrize(
    ("info", "source"),
    [
        ("yaml https://pets.example/openapi.json put /pets/{pet_id}", "https://pets.example/openapi.json"),
        ("yaml https://pets.example/openapi", "https://pets.example/openapi"),
        ("YAML /openapi.json PUT /pets/{pet_id}", "/openapi.json"),
        ("yml api/openapi.yaml Get /pets/{pet_id}", "api/openapi.yaml"),
        ("yaml openapi.yml", "openapi.yml"),
        ("yaml PUT /pets/{pet_id}", None),
        ("yaml", None),
    ],
)
def test_the_info_string_tells_where_the_whole_document_is(info: str, source: str | None) -> None:
    """An address or a path, with or without a method and a path behind it, the method in any letters."""
    (fragment,) = _extract(page(pets(), info), file="page.md")
    assert (fragment.source, fragment.document) == (source, pets())


@pytest.mark.parametrize("ticks", ["```", "````", "``````", "~~~", "~~~~"])
def test_a_fence_has_three_ticks_or_more(ticks: str) -> None:
    """Or tildes."""
    text = page(pets()).replace("````", ticks)
    assert _extract(text, file="p.md")[0].document == pets()


@pytest.mark.parametrize(
    ("fence", "inner"),
    [("~~~", "  ```"), ("```", "  ~~~"), ("````", "  ```"), ("```", "     ```"), ("```", "  ```text")],
    ids=["ticks in tildes", "tildes in ticks", "shorter", "further in", "with a language"],
)
def test_what_does_not_end_a_block_is_text(fence: str, inner: str) -> None:
    """A fence ends with its own character, as many or more, in its own column or nearly, and nothing behind."""
    lines = ["openapi: 3.1.0", "info:", " title: t", " description: |", inner, "paths: {/a: {get: {}}}"]
    text = "\n".join([f"{fence}yaml", *lines, fence])
    assert _extract(text, file="p.md")[0].document["info"]["description"] == inner.strip() + "\n"


def test_what_stands_before_its_fence_is_not_cut() -> None:
    """Only a block that is indented as a whole is moved."""
    (fragment,) = _extract(f"  ```yaml\n{HEAD}paths: {{/a: {{get: {{}}}}}}\n  ```\n", file="p.md")
    assert fragment.document["info"] == {"title": "t", "version": "1"}


@pytest.mark.parametrize("indent", ["  ", "        ", "\t"], ids=["two", "eight", "tab"])
def test_a_block_may_be_indented(indent: str) -> None:
    """In a list or in a tag; its indentation counts from the fence."""
    lines = page(pets()).splitlines()
    text = "<Tab>\n" + "\n".join(indent + line for line in lines) + "\n</Tab>\n"
    assert _extract(text, file="p.md")[0].document == pets()


def test_every_block_of_a_page_is_a_fragment() -> None:
    """In the page's order; blocks of other things are none, whether they can be read or not."""
    first, second = pets(), pets()
    del first["paths"][PET]["get"], second["paths"][PET]["put"]
    others = (
        "```yaml\nname: x\nopenapi: openapi.json\n```\n",
        '```json\n{"name": "a key", ...}\n```\n',
        "```yaml post /pets\n- a\n```\n",
        "```\nopenapi: 3.1.0\n```\n",
        "```yaml\npaths:\n  - src\n```\n",
        "```yaml\npaths:\n  src: [a]\n```\n",
        "```yaml\nkey: <your key>: {\n```\n",
    )
    text = others[0] + page(first) + "".join(others[1:]) + page(second, f"yaml get {PET}")
    assert [part.document for part in _extract(text, file="p.md")] == [first, second]


_OLDER = """paths:
  path: /v1/keys
  method: post
  servers:
    - url: https://api.pets.example
  request:
    security: []
  response:
    '200':
      application/json: {}
"""


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        pytest.param(
            _OLDER,
            "this is a block of Mintlify's own older format, not OpenAPI; fetch the page anew, or",
            id="Mintlify",
        ),
        pytest.param(
            _OLDER[: _OLDER.index("security")] + "secur: [",
            r"broken YAML: .*; the text ends there and looks cut off",
            id="half of it",
        ),
        pytest.param("swagger: '2.0'\npaths: {}\n", r"this is Swagger 2\.0, not OpenAPI 3; convert it", id="Swagger"),
        pytest.param("swagger: 2.0\npaths: {}\n", r"this is Swagger 2\.0, not OpenAPI 3; convert it", id="number"),
        pytest.param(
            "paths:\n  /a:\n    get: {}\n", "this has paths like OpenAPI, but no `openapi`; fetch", id="no head"
        ),
    ],
)
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "last"])
def test_an_older_block_is_refused_beside_a_good_one(block: str, problem: str, *, is_first: bool) -> None:
    """Leaving it out would lose its operation without a word."""
    older, good = f"```yaml post /v1/keys\n{block}\n```\n", page(pets())
    text = older + good if is_first else good + older
    with pytest.raises(PageError, match=rf"^p\.md:\d+: {problem}") as caught:
        _extract(text, file="p.md")
    line = int(str(caught.value).split(":")[1])
    start = 1 if is_first else 1 + good.count("\n")
    assert start <= line <= start + older.count("\n")


@pytest.mark.parametrize(
    "end", ["\n    get:\n", "\n    get:\n      opera", '\n    get:\n      summary: "Of', "\n    get: {", "\n   "]
)
def test_a_block_that_breaks_off_looks_cut_off(end: str) -> None:
    """Whether YAML can make something of the last line or not."""
    with pytest.raises(PageError, match=r"^p\.md:\d+: .*; the text ends there and looks cut off, fetch it anew$"):
        _extract(f"```yaml\n{HEAD}paths:\n  /a:{end}\n```\n", file="p.md")


def test_what_is_wrong_in_the_middle_is_not_cut_off() -> None:
    """Only the end tells."""
    with pytest.raises(PageError) as caught:
        _extract(f"```yaml\n{HEAD}paths:\n  /a:\n    get: x\n    put: {{}}\n    summary: s\n```\n", file="p.md")
    assert "cut off" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("<!DOCTYPE html>\n<html><p>Keys</p></html>", "a web page; give", id="web page"),
        pytest.param("\ufeff<?xml version='1.0'?><!-- x --><html></html>", "a web page; give", id="with a prologue"),
        pytest.param("<html><input type='password'></html>", "a login page: give an address", id="password"),
        pytest.param(f"<html><title>Sign in</title>{'x' * 9000}</html>", "a login page: give", id="title"),
        pytest.param(f"<html><a>Log in</a>{'x' * 9000}</html>", "a web page; give", id="link to a login"),
    ],
)
def test_a_web_page_is_called_one(text: str, problem: str) -> None:
    """And a login page what it is, even where it holds a block."""
    with pytest.raises(PageError, match=rf"^p\.md: this is {problem}"):
        _extract(text + page(pets()), file="p.md")


def test_a_page_may_begin_with_a_tag() -> None:
    """Markdown with components does."""
    assert _extract("<Note>Log in.</Note>\n" + page(pets()), file="p.mdx")[0].document == pets()


def test_a_fence_inside_a_longer_fence_is_text() -> None:
    """A description may hold a fence of three ticks where the block has four."""
    document = pets()
    document["info"]["description"] = "Like this:\n```\nnot the end\n```\nand on."
    (fragment,) = _extract(page(document), file="page.md")
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
    (fragment,) = _extract(write(document), file=name)
    assert fragment.document == document


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("# A page\n", r"p\.md:1: there is no fenced OpenAPI block", id="no block"),
        pytest.param("\n```yaml\na: 1\n```\n", r"p\.md:2: the block is not OpenAPI", id="another block"),
        pytest.param(
            "```yaml\nswagger: '2.0'\n```\n", r"p\.md:1: this is Swagger 2\.0, not OpenAPI 3; convert", id="Swagger"
        ),
        pytest.param("```yaml\nopenapi: 2.0.0\n```\n", r"p\.md:2: OpenAPI '2\.0\.0' is neither", id="OpenAPI 2"),
        pytest.param(f"```yaml\n{HEAD}```\n", r"p\.md:2: `paths` is missing", id="no paths"),
        pytest.param("```yaml\nopenapi: 3.1.0\n  x: 1\n```\n", r"p\.md:3: broken YAML", id="broken YAML"),
        pytest.param(
            f"a\n```yaml\n{HEAD}",
            r"p\.md:2: the fenced block that starts here is never closed; the page looks cut off, fetch",
            id="not closed",
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
        pytest.param(f"```yaml\n{HEAD}paths: {{}}\n```\n", r"p\.md:1: the block holds no operation", id="no operation"),
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
        _extract(text, file="p.md")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('{\n"a": ]}', r"api\.json:2: broken JSON: .*value$", id="broken"),
        pytest.param('{\n"a": [1,', r"api\.json:2: broken JSON: .*; the text ends there and looks cut off", id="cut"),
        pytest.param('{"a": 1, "a": 2}', r"api\.json:1: the key 'a' stands twice", id="duplicate"),
    ],
)
def test_broken_json_is_named_with_its_line(text: str, problem: str) -> None:
    """The same errors as for a page."""
    with pytest.raises(PageError, match=problem):
        _extract(text, file="api.json")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_lines_are_what_editors_count(line_break: str) -> None:
    """A form feed or a separator of Unicode ends none."""
    lines = ["One\u2028two\x0cthree\x85four", *page(pets()).split("\n")]
    (fragment,) = _extract(line_break.join(lines), file="p.md")
    assert fragment.document == pets()
    assert fragment.lines["paths",] == lines.index("paths:") + 1


def test_what_looks_like_a_reference_in_data_is_none() -> None:
    """In an example, a default, and as the name of a property, `$ref` is a word like another."""
    document = pets()
    pet = document["components"]["schemas"]["Pet"]
    pet["properties"]["$ref"] = {"type": "string", "default": {"$ref": "#/no"}}
    pet["example"] = {"$ref": "#/nowhere"}
    assert _extract(page(document), file="p.md")[0].document == document


def test_a_reference_below_a_default_response_counts() -> None:
    """`default` is a keyword of schemas, but the name of a response here."""
    document = pets()
    document["paths"]["/pets/{pet_id}"]["get"]["responses"]["default"] = {"$ref": "#/components/responses/No"}
    with pytest.raises(PageError, match="leads nowhere"):
        _extract(page(document), file="p.md")


def test_a_whole_document_may_be_written_as_people_write_it() -> None:
    """Status codes as numbers, dates, binary, UTF-16: as for a build. What nobody wants of it may be wrong."""
    text = f"{HEAD}paths:\n  /a: {{get: {{responses: {{200: {{description: !!binary aGk=}}}}}}}}\n  /b: 2024-01-01\n"
    document = extract(text.encode("utf-16"), file="api.yml")[0].document
    assert document["paths"] == {"/a": {"get": {"responses": {"200": {"description": "aGk="}}}}, "/b": "2024-01-01"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            f"{HEAD}paths: {{/a: {{$ref: paths/a.yaml}}}}\n",
            r"#/paths/~1a refers to 'paths/a\.yaml'; bundle the document into one file first, for example with `npx",
            id="several files",
        ),
        pytest.param(f"{HEAD}paths: {{}}\n", "the document holds no operation", id="no operation"),
        pytest.param(
            f"{HEAD}paths:\n  /a:\n    get: {{responses: {{'200': {{$ref: '#/components/responses/A'}}}}}}\n  /b: x",
            r"references lead nowhere, and the last line has no end: it looks cut off, fetch",
            id="cut off where YAML may end",
        ),
        pytest.param(
            f"{HEAD}paths:\n  /a: {{get: {{}}}}\n  /b",
            r"broken YAML.*; the text ends there and looks cut",
            id="cut off",
        ),
        pytest.param("swagger: '2.0'", r"this is Swagger 2\.0, not OpenAPI 3; convert it first", id="Swagger"),
        pytest.param("<html>Log in</html>", "this is a login page", id="login page"),
    ],
)
def test_a_whole_document_that_cannot_be_used_is_named(text: str, problem: str) -> None:
    """By the name to show, which need not be the file's."""
    with pytest.raises(PageError, match=rf"^https://pets\.example/api(:\d+)?: (?:{problem})"):
        extract(text.encode(), file="api.yaml", name="https://pets.example/api")


def test_a_name_in_a_mapping_is_no_file() -> None:
    """A discriminator's mapping holds names of schemas, with whatever characters."""
    document = pets()
    document["components"]["schemas"]["Kind"]["discriminator"] = {"propertyName": "k", "mapping": {"a": "x/Pet"}}
    assert _extract(yamlio.dump(document), file="api.yaml")[0].document == document
