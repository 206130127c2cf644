"""A file's slot: beside it, whole, its owner's alone, and in place by one rename."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from issuant.errors import SinkNotReadyError
from issuant.keys import Sink
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.abilities import ReadsBack, Stages
from issuant.sinks.file import FileSink

from tests.issuant.sinks.storing import keep

ONE, OTHER = "one_TEST_not_a_key", "other_TEST_not_a_key"


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    keep(FileSink(path), ONE)
    return path


def test_a_staged_value_is_not_in_the_file_until_it_is_promoted(path: Path) -> None:
    """It is in a hidden file of the same folder, mode 0600, and in none afterwards."""
    sink = FileSink(path)
    found = sink.check(vacant=False)
    umask = os.umask(0)
    try:
        sink.stage(Secret(OTHER), "s-1")
    finally:
        os.umask(umask)
    slot, place = names(path.parent)
    assert place == "key"
    assert slot.startswith(".issuant-s-1-")
    assert stat.S_IMODE((path.parent / slot).stat().st_mode) == 0o600
    assert path.read_text() == ONE
    sink.promote("s-1", found)
    assert path.read_text() == OTHER
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(path.parent) == ["key"]


def test_a_promotion_that_is_repeated_changes_nothing(path: Path) -> None:
    """As somebody does who does not know whether it was done before a kill."""
    sink = FileSink(path)
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    sink.promote("s-1", found)
    sink.promote("s-1", found)
    assert path.read_text() == OTHER


def test_a_value_that_was_stored_and_is_staged_still_is_promoted(path: Path) -> None:
    """The place holds what the slot holds: nobody else's value is lost."""
    sink = FileSink(path)
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    sink.store(Secret(OTHER), found)
    sink.promote("s-1", found)
    assert path.read_text() == OTHER
    assert names(path.parent) == ["key"]


def test_staging_again_takes_the_newer_value(path: Path) -> None:
    """Also over what an interrupted staging has left."""
    sink = FileSink(path)
    found = sink.check(vacant=False)
    sink.stage(Secret("first_TEST"), "s-1")
    (slot,) = (entry for entry in path.parent.iterdir() if entry.name != "key")
    slot.with_name(slot.name + ".part").write_text("half")
    sink.stage(Secret(OTHER), "s-1")
    sink.promote("s-1", found)
    assert path.read_text() == OTHER
    assert names(path.parent) == ["key"]


def test_a_link_in_the_way_of_a_staging_is_not_followed(path: Path, tmp_path: Path) -> None:
    """The name of the slot can be known beforehand; what somebody has laid there is put away."""
    sink = FileSink(path)
    sink.stage(Secret(OTHER), "s-1")
    (slot,) = (entry for entry in path.parent.iterdir() if entry.name != "key")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs")
    slot.with_name(slot.name + ".part").symlink_to(elsewhere)
    sink.stage(Secret(OTHER), "s-1")
    assert elsewhere.read_text() == "theirs"


def test_what_was_staged_is_taken_back(path: Path) -> None:
    """Once and again, a half-written one as well; the file and another slot stay."""
    sink = FileSink(path)
    sink.stage(Secret(OTHER), "s-1")
    (slot,) = (entry for entry in path.parent.iterdir() if entry.name != "key")
    slot.with_name(slot.name + ".part").write_text("half")
    sink.stage(Secret(OTHER), "s-2")
    sink.unstage("s-1")
    sink.unstage("s-1")
    assert [name[:13] for name in names(path.parent)] == [".issuant-s-2-", "key"]
    assert path.read_text() == ONE


def test_taking_back_where_the_folder_is_gone_is_no_error(tmp_path: Path) -> None:
    """There is nothing to take back."""
    FileSink(tmp_path / "gone" / "key").unstage("s-1")


def test_nothing_is_promoted_over_a_value_of_somebody_else(path: Path) -> None:
    """The slot stays, so that nothing is lost, and neither value is in the refusal."""
    sink = FileSink(path)
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    keep(FileSink(path), "third_TEST_not_a_key")
    with pytest.raises(SinkNotReadyError, match="changed meanwhile") as caught:
        sink.promote("s-1", found)
    assert path.read_text() == "third_TEST_not_a_key"
    assert len(names(path.parent)) == 2
    assert "_TEST_" not in f"{caught.value!r}"


def test_nothing_is_promoted_where_nothing_was_staged(path: Path) -> None:
    """That is an error, as the place would stay without the value."""
    sink = FileSink(path)
    with pytest.raises(SinkNotReadyError, match="no value in its slot"):
        sink.promote("s-1", sink.check(vacant=False))
    assert path.read_text() == ONE


def test_two_files_of_one_folder_have_slots_of_their_own(path: Path) -> None:
    """Under one name of a slot; also where a file's own name leaves no room for another."""
    longest = FileSink(path.with_name("k" * 255))
    sink = FileSink(path)
    assert longest.check(vacant=True) is None
    longest.stage(Secret("long_TEST"), "s-1")
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    sink.promote("s-1", found)
    longest.promote("s-1", None)
    assert (path.read_text(), path.with_name("k" * 255).read_text()) == (OTHER, "long_TEST")


def test_a_symbolic_link_stays_one(path: Path, tmp_path: Path) -> None:
    """The slot is beside the file that it points to, where a rename can reach it."""
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link"
    link.symlink_to(path)
    sink = FileSink(link)
    found = sink.check(vacant=False)
    sink.stage(Secret(OTHER), "s-1")
    assert names(tmp_path / "links") == ["link"]
    sink.promote("s-1", found)
    assert link.is_symlink()
    assert path.read_text() == OTHER


@pytest.mark.parametrize("slot", ["", "../x", "A", "a/b", "x" * 41, "a\n"])
def test_a_slot_has_a_short_plain_name(slot: str, path: Path) -> None:
    """One that leads to another folder is a mistake of the program's."""
    for act in (FileSink(path).unstage, lambda name: FileSink(path).stage(Secret(OTHER), name)):
        with pytest.raises(ValueError, match="no name of a slot"):
            act(slot)
    assert names(path.parent) == ["key"]


@pytest.mark.parametrize(
    ("spec", "content", "value"),
    [
        pytest.param("file:{}", None, None, id="no-file"),
        pytest.param("file:{}", b"", None, id="an-empty-file"),
        pytest.param("file:{}", b"a\r\nb\n", "a\r\nb\n", id="a-file-byte-for-byte"),
        pytest.param("env:{}#KEY", None, None, id="no-env-file"),
        pytest.param("env:{}#KEY", b"A=1\n", None, id="no-variable"),
        pytest.param("env:{}#KEY", b"KEY=\n", None, id="an-empty-variable"),
        pytest.param("env:{}#KEY", b"KEY='a b'\n", "a b", id="a-variable"),
    ],
)
def test_a_value_is_read_back(spec: str, content: bytes | None, value: str | None, tmp_path: Path) -> None:
    """An empty one is none."""
    path = tmp_path / "place"
    if content is not None:
        path.write_bytes(content)
    sink = open_sink(spec.format(path))
    assert isinstance(sink, ReadsBack)
    found = sink.read()
    assert (None if found is None else found.reveal()) == value


@pytest.mark.parametrize("spec", ["file:{}", "env:{}#KEY"], ids=["file", "env"])
@pytest.mark.parametrize(("content", "words"), [(b"KEY=\xff", "not UTF-8"), (None, "Is a directory")])
def test_what_cannot_be_read_is_an_error_of_ours(spec: str, content: bytes | None, words: str, tmp_path: Path) -> None:
    """Nothing of the content is on it."""
    path = tmp_path / "place"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    sink = open_sink(spec.format(path))
    assert isinstance(sink, ReadsBack)
    with pytest.raises(SinkNotReadyError, match=words) as caught:
        sink.read()
    assert caught.value.__context__ is None


@pytest.mark.parametrize("spec", ["file:{}", "env:{}#KEY"], ids=["file", "env"])
def test_half_a_surrogate_pair_is_refused_beforehand(spec: str, tmp_path: Path) -> None:
    """What has no form in UTF-8 cannot be written."""
    with pytest.raises(SinkNotReadyError, match="surrogate"):
        open_sink(spec.format(tmp_path / "place")).check(vacant=False, value=Secret("a\ud800"))


ABILITIES = {
    "file:key": (True, True),
    "env:.env#KEY": (False, True),
    "keyring:service/user": (True, True),
    "fireworks:my-key#MY_KEY": (False, False),
    "exec:cat": (False, False),
}


@pytest.mark.parametrize(("spec", "abilities"), ABILITIES.items(), ids=ABILITIES.keys())
def test_each_sink_states_what_it_can_do(spec: str, abilities: tuple[bool, bool]) -> None:
    """Whether it stages, and whether it reads back, as the table in the docs says."""
    sink: Sink = open_sink(spec)
    assert (isinstance(sink, Stages), isinstance(sink, ReadsBack)) == abilities
    from issuant.sinks import abilities as documented

    line = next(
        line for line in (documented.__doc__ or "").splitlines() if line.startswith(f"| `{spec.split(':')[0]}:")
    )
    assert tuple(cell.strip().startswith("yes") for cell in line.split("|")[2:4]) == abilities
