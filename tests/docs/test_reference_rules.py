"""What the reference's generator makes of a made-up package: what is public, what docstrings owe, what a page shows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import click
import pytest
from refpages.command import command_page, command_places
from refpages.gaps import gaps
from refpages.rendering import contents, pages
from refpages.surface import Plan, Surface, SurfaceError

GOOD = '''
"""A shelf. See `Box`."""
from __future__ import annotations
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sample.hidden import Base, Reached

T = TypeVar("T")


class Lid(Protocol):
    """What closes."""

    def close(self, force: int) -> None:
        """Close, with `force` in newtons."""


class State(enum.Enum):
    """How it is.

    Attributes:
        OPEN: it can be filled.
    """

    OPEN = "open"


@dataclass(frozen=True, kw_only=True)
class Box(Base):
    """A box.

    Attributes:
        size: in litres.
        inner: what is in it.
    """

    size: int
    inner: Mapping[str, Reached] | None = None

    def close(self, force: int) -> None:
        return None


def open_box(box: Box, *, how: State = State.OPEN, keep: T = None) -> list[Box]:
    """Open a box. Fails with BoxError.

    Args:
        box: which.
        how: how it ends.
        keep: a thing.

    Returns:
        what was in it.

    Raises:
        BoxError, OSError: it is `State.OPEN` already.
    """


def open_two(box: Box, *, how: State) -> None:
    """As `open_box`, twice; like a `Lid`, `box` gives way."""


class BoxError(Exception):
    """It did not open; see `Box.close`."""
'''
HIDDEN = '''
"""Nobody's."""


class Base:
    """Lends."""

    @property
    def label(self) -> str:
        """What stands on it."""


class Reached:
    """Reached by a type alone."""

    def __init__(self, a: int) -> None:
        """Begin with `a`."""
'''
NAMES = ["Box", "BoxError", "Lid", "State", "open_box", "open_two"]


def _sample(folder: Path, shelf: str = GOOD, names: list[str] = NAMES) -> Surface:
    """Return the surface of a made-up package whose public names are loaded on demand, as those of issuant are."""
    package = folder / "sample"
    package.mkdir()
    imports = f"if TYPE_CHECKING:\n    from sample.shelf import {', '.join(names)}\n"
    listed = f'"""A sample."""\nfrom typing import TYPE_CHECKING\n{imports}__all__ = {names}\n'
    (package / "__init__.py").write_text(listed, "utf-8")
    (package / "shelf.py").write_text(shelf, "utf-8")
    (package / "hidden.py").write_text(HIDDEN, "utf-8")
    return Surface(Plan(folder=folder, modules=("sample",)))


def test_a_package_whose_docstrings_say_all_has_no_gaps(tmp_path: Path) -> None:
    """A word in backticks will do, so will the text of a base, of a protocol, and of the function that it is like."""
    assert {path: found for path, found in gaps(_sample(tmp_path)).items() if found} == {}


BROKEN = {
    "no text of a function": (
        '"""As `open_box`, twice; like a `Lid`, `box` gives way."""',
        "...",
        "open_two has no text",
    ),
    "no text of a class": ('"""It did not open; see `Box.close`."""', "pass", "BoxError has no text"),
    "no text of a method": ('"""Close, with `force` in newtons."""', "...", "Box.close has no text"),
    "no text of a module": ('"""A shelf. See `Box`."""', "", "sample.shelf has no text"),
    "an entry for no argument": ("        how: how", "        why: how", "Args has an entry why"),
    "an argument without an entry": ("        how: how it ends.\n", "", "Args has no entry how"),
    "an argument that is not mentioned": ("`force`", "force", "nothing is said of the argument force"),
    "an attribute that is not mentioned": ("        inner: what is in it.\n", "", "nothing is said of this attribute"),
    "an attribute without an entry": (
        "    Attributes:\n        size: in litres.\n        inner: what is in it.\n",
        "    It holds `inner`.\n\n    Attributes:\n        size: in litres.\n",
        "Attributes has no entry inner",
    ),
    "an entry for no attribute": ("        inner: what", "        outer: what", "Attributes has an entry outer"),
    "a member of an enum": (
        "        OPEN: it can be filled.",
        "        OPEN: it can.\n        SHUT: no.",
        "entry SHUT",
    ),
    "an error that is not there": (
        "        BoxError, OSError: it",
        "        LidError, OSError: it",
        "Raises has an entry LidError",
    ),
    "a model that is not there": ("As `open_box`", "As `open_lid`", "it is as open_lid"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_docstring_lacks_is_said_by_name(name: str, tmp_path: Path) -> None:
    """The name of the class or function, and of its part."""
    text, instead, fault = BROKEN[name]
    assert text in GOOD
    found = [gap for each in gaps(_sample(tmp_path, GOOD.replace(text, instead))).values() for gap in each]
    assert [gap for gap in found if fault in gap], found


def test_a_name_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    """`__all__` lists it, and the module does not have it."""
    with pytest.raises(SurfaceError, match="lists Crate"):
        _sample(tmp_path, names=[*NAMES, "Crate"])


def test_a_page_shows_signatures_types_and_entries_with_links_between_them(tmp_path: Path) -> None:
    """What is reached by a type alone has a page, too; what is private lends its members."""
    made = pages(_sample(tmp_path))
    assert set(made) == {"shelf.md", "hidden.md"}
    shelf = made["shelf.md"]
    for expected in (
        "`from sample import Box`",
        "class Box\n\nBox(*, size: int, inner: Mapping[str, Reached] | None = None)\n",
        "- `inner` (<code>Mapping\\[str, [Reached](hidden.md#reached)\\] | None</code>): what is in it.\n",
        "- `label` (`str`): What stands on it.\n",
        "### Box.close\n\n```python signature\ndef close(force: int) -> None\n```\n\nClose, with `force` in newtons.\n",
        "def open_box(box: Box, *, how: State = State.OPEN, keep: T = None) -> list[Box]\n",
        "Types: [`Box`](#box), [`State`](#state).\n",
        "Fails with [BoxError](#boxerror).\n",
        "- [`BoxError`](#boxerror), `OSError`: it is [`State.OPEN`](#state) already.\n",
        "As [`open_box`](#open_box), twice; like a [`Lid`](#lid), `box` gives way.\n",
        "see [`Box.close`](#boxclose).\n",
        "- `OPEN` = `'open'`: it can be filled.\n",
        "Returns what was in it.\n",
    ):
        assert expected in shelf, shelf
    assert "## T\n" not in shelf
    assert "class Reached\n\nReached(a: int)\n```\n\nReached by a type alone.\n\nBegin with `a`.\n" in made["hidden.md"]


def test_the_list_has_every_name_with_its_first_sentence(tmp_path: Path) -> None:
    """By the module to import it from, and the commands below."""
    listed = contents(_sample(tmp_path), {"box open": "command.md#box-open"})
    assert "## sample\n" in listed
    assert "- [`open_box`](shelf.md#open_box): Open a box.\n" in listed
    assert "## sample.hidden\n\n- [`Reached`](hidden.md#reached): Reached by a type alone.\n" in listed
    assert listed.endswith("- [`box open`](command.md#box-open)\n")


def test_the_page_of_a_command_has_the_help_of_every_command_below_it() -> None:
    """In its own words, at a width of its own."""

    @click.group()
    def box() -> None:
        """Boxes."""

    @box.command(name="open")
    @click.option("--force", help="In newtons.")
    def open_one(force: str) -> None:
        """Open one."""

    page = command_page(box, "box")
    assert "## box\n\n```text\nUsage: box [OPTIONS] COMMAND [ARGS]...\n\n  Boxes.\n" in page
    assert (
        dedent("""\
        ## box open

        ```text
        Usage: box open [OPTIONS]

          Open one.

        Options:
          --force TEXT  In newtons.
        """)
        in page
    )
    assert command_places(box, "box") == {"box": "command.md#box", "box open": "command.md#box-open"}
