"""The reference is whole: every public name has a page and a text, with a word on each argument and attribute."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
import reference
from issuant.providers import find_provider, provider_names
from refpages.command import command_page
from refpages.gaps import gaps
from refpages.surface import Surface

from tests.docs.pages import DOCS, REFERENCE, ROOT, anchors, broken_links

SURFACE = Surface(reference.PLAN)
GAPS = gaps(SURFACE)


@pytest.mark.parametrize("path", GAPS)
def test_a_public_name_is_described_with_all_its_parts(path: str) -> None:
    """A text for the name and its methods, a word on each argument and attribute, no entry for what is not there."""
    assert GAPS[path] == []


@pytest.mark.parametrize("module", reference.PLAN.modules)
def test_what_a_module_lists_is_what_the_reference_describes(module: str) -> None:
    """As it is when the program runs, not as the source says."""
    listed = getattr(import_module(module), "__all__", ())
    described = {name.thing.name for name in SURFACE.names.values() if name.place == module}
    assert set(listed) <= described


def test_the_types_that_users_name_of_each_provider_are_described() -> None:
    """The accounts and the requests; adapters are nobody's to call."""
    paths = set(SURFACE.names)
    assert {path.rpartition(".")[2] for path in paths if path.startswith("issuant.providers.")} >= {
        f"{title}{what}" for title in ("Fireblocks", "Fireworks", "Galileo") for what in ("Account", "KeyRequest")
    }
    assert [path for path in paths if path.endswith("Adapter")] == []


def test_every_name_and_command_has_a_heading_and_no_link_leads_nowhere(tmp_path: Path) -> None:
    """In the pages as they are made now; of what is committed, `make check` says whether it equals them."""
    reference.write(reference.made(), tmp_path)
    made = sorted(tmp_path.iterdir())
    headings = {page.name: anchors(page) for page in made}
    missing = [
        path
        for path, name in SURFACE.names.items()
        if name.thing.name.lower() not in headings[f"{name.thing.module.path.partition('.')[2]}.md"]
    ]
    assert missing == []
    assert "issuant-issue-fireblocks" in headings["command.md"]
    assert [fault for page in made for fault in broken_links(page)] == []


def test_the_page_of_the_command_leaves_out_what_a_vendor_lets_one_choose() -> None:
    """Roles come with a vendor's document, and a new version of it must not make the page stale."""
    lines = reference.made()["command.md"].splitlines()
    options = [option for name in provider_names() for option in find_provider(name).options]
    words = {word.lower() for option in options for word in option.choices}
    assert [line for line in lines if words & set(re.split(r"[][| ]", line.lower().partition("  -")[2]))] == []
    choosing = [option.flag for option in options if option.choices]
    assert {"--role", "--project-role"} <= set(choosing)
    assert [line.split()[:2] for line in lines if "CHOICE" in line] == [
        [flag, "CHOICE"] for flag in choosing * 2
    ]  # of `adopt` and of `issue`


def test_only_the_choices_of_a_vendor_are_left_out() -> None:
    """Those of the command itself stay, and so does the command that the page is made of."""
    role = click.Option(["--role"], type=click.Choice(["viewer", "editor"]))
    form = click.Option(["--form"], type=click.Choice(["text", "json"]))
    command = click.Command("box", params=[role, form])
    page = command_page(command, "box", vendors={("viewer", "editor")})
    assert "--role CHOICE\n" in page
    assert "--form [text|json]\n" in page
    assert "--role [viewer|editor]\n" in command_page(command, "box")


def _made_elsewhere(folder: Path, seed: str) -> dict[str, bytes]:
    """Write the reference in a process with another order of sets, from another folder and for another terminal."""
    settings = {"PYTHONHASHSEED": seed, "COLUMNS": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    command = [sys.executable, str(ROOT / "scripts" / "reference.py"), "write", str(folder / "out")]
    subprocess.run(command, cwd=folder, env={**os.environ, **settings}, check=True, timeout=60)
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def test_the_reference_is_the_same_to_the_byte_wherever_it_is_made(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither the order of sets, nor the terminal, the language or the folder shows in it."""
    first, second = (_made_elsewhere(tmp_path_factory.mktemp("made"), seed) for seed in ("40", "200"))
    assert first == second
    assert {"README.md", "command.md", "connector.md"} <= set(first)


def test_a_committed_reference_that_is_another_is_told_page_by_page(tmp_path: Path) -> None:
    """One page gone, one too many, one of another text; and writing mends all three."""
    texts = {"one.md": "one\n", "two.md": "two\n", "three.md": "three\n"}
    reference.write(texts, tmp_path)
    assert reference.differences(texts, tmp_path) == []
    (tmp_path / "one.md").unlink()
    (tmp_path / "two.md").write_text("two\r\n", newline="")
    (tmp_path / "four.md").write_text("four\n")
    assert reference.differences(texts, tmp_path) == [
        "one.md is missing",
        "four.md is no page of the reference",
        "two.md is out of date",
    ]
    reference.write(texts, tmp_path)
    assert reference.differences(texts, tmp_path) == []


def test_the_check_fails_where_the_folder_is_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As `make check` runs it; it names what to do."""
    assert reference.main(["check", str(tmp_path)]) == 1
    assert "make docs" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["make"], ["write", "a", "b"]], ids=["nothing", "unknown", "too much"])
def test_a_wrong_call_writes_nothing(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It says how it is called."""
    assert reference.main(words) == 2
    assert "usage" in capsys.readouterr().err


def test_what_is_committed_is_below_the_pages_that_are_tested() -> None:
    """The generator's folder is the one whose links and blocks the tests of the pages look at."""
    assert ROOT / reference.FOLDER == REFERENCE
    assert REFERENCE.is_relative_to(DOCS)
