"""The pins and the table of providers are read strictly."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from specpipe import table, tools
from specpipe.faults import TableError, ToolError

from tests.specpipe.documents import PROJECT

ROW = '[pets]\npackage = "p"\ntitle = "P"\noperations = ["GET /a"]\npages = [{ file = "a.md" }]\n'


def test_the_project_pins_every_tool_that_shapes_the_bytes() -> None:
    """The installed ones are those."""
    pins = tools.read_pins(PROJECT)
    assert tuple(pins) == tools.SHAPERS
    assert tools.mismatches(pins) == []


def test_another_version_and_a_missing_tool_are_named() -> None:
    """With what is installed and what is pinned."""
    assert tools.mismatches({"ruff": "0.0.1", "no-such-distribution": "1"}) == [
        f"tool ruff: installed is {tools.read_pins(PROJECT)['ruff']}, pinned is 0.0.1",
        "tool no-such-distribution: installed is none, pinned is 1",
    ]


@pytest.mark.parametrize("line", ["", "ruff>=0.17.5", "# ruff==0.17.5"], ids=["missing", "no exact pin", "comment"])
def test_a_tool_without_an_exact_pin_is_refused(line: str) -> None:
    """A range would let the bytes change by themselves."""
    text = (PROJECT / tools.CONSTRAINTS).read_text("utf-8")
    lines = [line if found.startswith("ruff==") else found for found in text.splitlines()]
    with pytest.raises(ToolError, match="ruff is not pinned"):
        tools.pinned("\n".join(lines))


def test_names_are_compared_as_the_package_index_does() -> None:
    """Case, dots, hyphens and underscores make no difference."""
    text = (PROJECT / tools.CONSTRAINTS).read_text("utf-8")
    assert tools.pinned(text.replace("pydantic_core", "Pydantic.Core")) == tools.pinned(text)


def test_a_row_without_evidence_or_url_is_whole() -> None:
    """The paths are made of the row's name."""
    (provider,) = _read(ROW)
    assert provider.path(provider.pages[0]) == "specs/pets/a.md"
    assert (provider.overlay, provider.published) == ("overlay/specs/pets.overlay.yaml", "specs/pets/openapi.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(ROW.replace("title", "titel"), r"\[pets\] holds", id="unknown key"),
        pytest.param(ROW.replace('title = "P"\n', ""), r"\[pets\] has no title", id="missing key"),
        pytest.param(ROW.replace('["GET /a"]', "[]"), r"\[pets\] has no operations", id="nothing wanted"),
        pytest.param(ROW.replace("file", "fiel"), r"\[pets\] has a page that is not", id="unknown key of a page"),
        pytest.param("[pets", "providers.toml: ", id="broken TOML"),
        pytest.param("a = 1", r"\[a\] holds", id="no row"),
        pytest.param(ROW.replace('"GET /a"', "1"), r"\[pets\] has an operation that is not a text", id="operation"),
        pytest.param(ROW.replace('"a.md"', '"a.md", url = 1'), r"\[pets\] has a url that is not a text", id="url"),
        pytest.param(
            ROW.replace("a.md", "../a.md"), r"names the file '\.\./a\.md'; a page stands directly", id="elsewhere"
        ),
        pytest.param(ROW.replace("a.md", "openapi.yaml"), "openapi.yaml is what the pipeline writes", id="published"),
    ],
)
def test_a_row_that_is_not_whole_is_named(text: str, problem: str) -> None:
    """By row and key."""
    with pytest.raises(TableError, match=problem):
        _read(text)


@pytest.mark.parametrize(
    ("pages", "urls"),
    [
        ('{ file = "a.md" }', ()),
        ('{ file = "a.md", url = "https://a.example" }', ("https://a.example",)),
        ('{ file = "a.md", url = "https://a.example" }, { file = "b.md" }', ()),
        (
            '{ file = "b.md", url = "https://b.example" }, { file = "a.md", url = "https://a.example" }',
            ("https://b.example", "https://a.example"),
        ),
    ],
    ids=["none", "one", "one of two", "two"],
)
def test_a_row_has_the_addresses_of_all_its_pages_or_none(pages: str, urls: tuple[str, ...]) -> None:
    """A new version of one page alone would not fit the others."""
    (provider,) = _read(ROW.replace('{ file = "a.md" }', pages))
    assert provider.urls == urls


def test_a_row_is_found_by_its_name() -> None:
    """An unknown name is told with those that there are."""
    rows = _read(ROW)
    assert table.find_row(rows, "pets") == rows[0]
    with pytest.raises(TableError, match=r"there is no \[cats\]; there are pets$"):
        table.find_row(rows, "cats")


def test_missing_files_are_named(tmp_path: Path) -> None:
    """The table and the pins."""
    with pytest.raises(TableError, match="there is no such file"):
        table.read_table(tmp_path)
    with pytest.raises(ToolError, match="there is no such file"):
        tools.read_pins(tmp_path)


def _read(text: str) -> tuple[table.Provider, ...]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "specs").mkdir()
        (Path(folder) / table.TABLE).write_text(text, "utf-8")
        return table.read_table(Path(folder))
