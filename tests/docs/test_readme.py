"""README has the examples that are run as it stands, and those whose comments say what they print do print it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, README, examples
from tests.docs.running import run

PROGRAMS = [example.text for example in examples(README) if example.language == "python"]
COMMANDS = [example.text for example in examples(README) if example.language == "sh"]
SETTLING = next(text for text in PROGRAMS if "Fault.drop_after" in text)


def test_the_readme_has_the_examples_that_are_looked_for() -> None:
    """A change of its markup does not leave the tests of the examples with nothing to do."""
    assert len(PROGRAMS) == 8
    assert len(COMMANDS) == 3
    assert "from galileo_client import" in PROGRAMS[-1]


@pytest.mark.parametrize("provider", ["fireblocks", "fireworks", "galileo"])
def test_the_page_of_a_provider_has_a_day_in_both_languages(provider: str) -> None:
    """A program and a script, which are run as README's are."""
    assert {example.language for example in examples(DOCS / f"{provider}.md")} == {"python", "sh"}


def test_the_generated_clients_are_shown_sync_and_async() -> None:
    """The page that README leads to has an example of all three."""
    (example,) = examples(DOCS / "generated-clients.md")
    assert "create_api_user.sync_detailed" in example.text
    assert "create_api_user.asyncio_detailed" in example.text


@pytest.mark.parametrize("program", [SETTLING, PROGRAMS[-1]], ids=["an unknown outcome", "a built client"])
def test_a_program_prints_what_its_comments_say(
    program: str, environment: dict[str, str], tmp_path: Path, clients: Path
) -> None:
    """In their order; a comment behind a print is what it prints."""
    file = tmp_path / "example.py"
    file.write_text(program, encoding="utf-8")
    done = run([sys.executable, str(file)], {**environment, "PYTHONPATH": str(clients)}, tmp_path)
    said = re.findall(r"^ *print\(.*  # (.*)$", program, re.MULTILINE)
    assert said
    assert [line.strip() for line in done.stdout.splitlines()] == said
