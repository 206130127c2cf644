"""Every example in README and below overlay/docs runs against the mocks exactly as it stands and type-checks strictly;
every relative link leads somewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, REFERENCE, ROOT, Example, broken_links, examples, pages, unclear
from tests.docs.running import faults_of, type_faults

EXAMPLES = [example for page in pages() for example in examples(page)]
LINKING = [*pages(), ROOT / "ARCHITECTURE.md"]


def _called(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.language}-{example.place}")
def test_an_example_runs_as_it_stands_and_shows_no_value_unasked(
    example: Example, environment: dict[str, str], tmp_path: Path, clients: Path, lost: Callable[[], list[str]]
) -> None:
    """It ends well and touches nothing of others; a value is shown only where --show asks for it."""
    assert faults_of(example, {**environment, "PYTHONPATH": str(clients)}, tmp_path) == []
    assert lost() == []


def test_the_examples_type_check_strictly(tmp_path: Path, clients: Path) -> None:
    """mypy --strict has nothing to say about any of them."""
    programs = [example for example in EXAMPLES if example.language == "python"]
    assert type_faults(programs, str(clients), tmp_path) == ""


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=_called)
def test_every_block_says_whether_it_is_run(page: Path) -> None:
    """A block in no language, or in one that nobody runs or knows, would be an example that nobody tries."""
    assert unclear(page, is_reference=page.is_relative_to(REFERENCE)) == []


@pytest.mark.parametrize("page", LINKING, ids=_called)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    """The file is there, and the heading in it."""
    assert broken_links(page) == []


VALUE = "echo fw_TEST_not_a_key"
WRONG = {
    "a program that fails": ("```python\nraise SystemExit(3)\n```", "ended with 3"),
    "a program that warns": ("```python\nimport warnings\n\nwarnings.warn('old')\n```", "ended with 1"),
    "a program that prints a value": ("```python\nprint('fw_TEST_not_a_key')\n```", "shows a value"),
    "a command that fails before one that does not": (
        "```sh\nissuant secret get\nissuant providers\n```",
        "ended with",
    ),
    "a variable that nobody set": ('```sh\nissuant issue "$NOBODY"\n```', "ended with"),
    "a command that shows a value": (f"```sh\n{VALUE}\n```", "shows a value"),
    "a command that shows none on request": ("```sh\necho --show\n```", "shows no value"),
}


def test_an_example_that_takes_a_name_for_an_id_is_found(
    environment: dict[str, str], tmp_path: Path, lost: Callable[[], list[str]]
) -> None:
    """Another's key of that name goes."""
    text = """
from issuant import connect

with connect("galileo") as galileo:
    for each in galileo.find("nightly-eval"):
        galileo.revoke(each)
"""
    assert lost() == []
    assert faults_of(Example(language="python", text=text, place="page.md:3"), environment, tmp_path) == []
    assert len(lost()) == 1


@pytest.mark.parametrize("name", WRONG)
def test_an_example_that_is_wrong_is_found(name: str, environment: dict[str, str], tmp_path: Path) -> None:
    """By the run that all of them go through."""
    text, fault = WRONG[name]
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n{text}\n", "utf-8")
    (example,) = examples(page)
    (first, *_) = faults_of(example, environment, tmp_path)
    assert fault in first
    assert first.startswith("page.md:3 ")


def test_an_example_of_the_wrong_type_is_found(tmp_path: Path) -> None:
    """Strictly: an annotation that is missing is a fault, too."""
    wrong = Example(language="python", text="def open_it(path):\n    return path\n", place="page.md:3")
    assert "page_md_3.py:1" in type_faults([wrong], "", tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("```\nissuant providers\n```", "a block of nothing", id="no language"),
        pytest.param("```bash\nissuant providers\n```", "a block of bash", id="a language that is not run"),
        pytest.param("```python signature\nf()\n```", "a block of python signature", id="a signature by hand"),
        pytest.param("    issuant providers", "set off by its indentation", id="no fence"),
    ],
)
def test_a_block_that_nobody_would_run_is_found(text: str, fault: str, tmp_path: Path) -> None:
    """Whoever writes a page learns how to have it run."""
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n{text}\n", "utf-8")
    (found,) = unclear(page, is_reference=False)
    assert found.startswith("page.md:3")
    assert fault in found


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        pytest.param("other.md", "no such file", id="file"),
        pytest.param("#elsewhere", "no such heading", id="heading of the page"),
        pytest.param("page.md#elsewhere", "no such heading", id="heading of a page"),
        pytest.param("sub/../../page.md", "no such file", id="folder"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, fault: str, tmp_path: Path) -> None:
    """A file or a heading that is not there; what leads to another place of the web is nobody's to check here."""
    page = tmp_path / "page.md"
    page.write_text(f"# A `page` of.mine\n\n[good](#a-page-ofmine) [far](https://x.invalid) [bad]({link})\n", "utf-8")
    (found,) = broken_links(page)
    assert found.startswith(f"page.md: {link}")
    assert fault in found
