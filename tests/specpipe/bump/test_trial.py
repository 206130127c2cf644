"""Whatever happens while the new tree is tried, nothing of the old one is lost, and what is left over is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from specpipe.bump.steps import StepError
from specpipe.bump.tree import alone
from specpipe.bump.trial import Trial

from tests.specpipe.bump.bumping import Told, run, states, untouched
from tests.specpipe.bump.repositories import commit, make_repository
from tests.specpipe.documents import OVERLAY, page, pets

Trees = tuple[Path, Path]
NAMES = ("specs", "CHANGELOG.md")


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    """A workspace in a clean tree, each with the same files; those of the workspace are new."""
    root = tmp_path / "tree"
    work = root / ".specs-work"
    for folder, text in ((root, "old"), (work, "new")):
        (folder / "specs/acme").mkdir(parents=True)
        for name in ("specs/providers.toml", "specs/acme/page.md", "CHANGELOG.md"):
            (folder / name).write_text(text, "utf-8")
    (root / ".gitignore").write_text(".specs-*/\n", "utf-8")
    make_repository(root)
    return work, root


def _newer(folder: Path) -> Path:
    document = pets()
    document["info"]["version"] = "1.3.0"
    (folder / "put-pet.md").write_text(page(document), "utf-8")
    return folder / "put-pet.md"


def _try(work: Path, root: Path) -> None:
    with Trial(work, root) as trial:
        trial.place(NAMES)
        trial.test(_script(""))


def _script(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("nth", range(8))
def test_a_signal_while_things_are_moved_waits_until_they_are(
    trees: Trees, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, nth: int
) -> None:
    """Four moves there and four back; a signal at any of them ends in the old tree, whole."""
    work, root = trees
    rename, count = Path.rename, 0

    def signalled(self: Path, target: Path) -> Path:
        nonlocal count
        if count == nth:
            os.kill(os.getpid(), number)
        count += 1
        return rename(self, target)

    def end(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", signalled)
    before = signal.signal(number, end)
    try:
        with untouched(root / "specs"), pytest.raises(KeyboardInterrupt):
            _try(work, root)
    finally:
        signal.signal(number, before)
    assert count == 8
    assert (root / "CHANGELOG.md").read_text("utf-8") == "old"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("open('specs/acme/page.md', 'a').write('mine')", "Files were changed while the tests ran"),
        ("open('specs/acme/mine.md', 'w').write('mine')", "Files were changed while the tests ran"),
        ("open('junk', 'w').write('x')", "The tests left changes of their own: junk."),
        ("import shutil; shutil.rmtree('specs')", "Files were changed while the tests ran"),
    ],
    ids=["changed", "added", "elsewhere", "removed"],
)
def test_what_happens_on_the_way_is_named(trees: Trees, code: str, said: str) -> None:
    """The old tree is back, and what somebody wrote into the new one is kept."""
    work, root = trees
    with untouched(root / "specs"), Trial(work, root) as trial:
        trial.place(NAMES)
        trial.test(_script(code))
    assert [remark for remark in trial.remarks if said in remark]
    if "mine" in code:
        kept = [path for path in root.glob(".specs-kept-1/specs/acme/*.md") if "mine" in path.read_text("utf-8")]
        assert len(kept) == 1


def test_what_cannot_be_put_back_is_kept_and_named(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else is put back all the same."""
    work, root = trees
    trial = Trial(work, root)
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if target == root / "specs":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    with trial:
        trial.place(NAMES)
        monkeypatch.setattr(Path, "rename", refused)
    assert trial.remarks == ["specs could not be put back; what stood there is in .specs-kept-1/.aside."]
    assert (root / "CHANGELOG.md").read_text("utf-8") == "old"
    (kept,) = root.glob(".specs-kept-1/.aside/*/acme/page.md")
    assert kept.read_text("utf-8") == "old"


def test_what_the_tests_started_ends_with_them(trees: Trees) -> None:
    """Also what they left behind."""
    work, root = trees
    late = "import time; time.sleep(3); open('late', 'w')"
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {late!r}])"
    with Trial(work, root) as trial:
        trial.place(NAMES)
        start = time.monotonic()
        assert trial.test(_script(leaves)) == ""
        assert time.monotonic() - start < 3
    remaining = subprocess.run(["pgrep", "-f", "open('late'"], capture_output=True, text=True, check=False).stdout
    assert remaining == ""


def test_two_bumps_at_once_are_one(tree: Path, tmp_path: Path) -> None:
    """The other is told before anything is touched."""
    with untouched(tree), alone(tree), pytest.raises(StepError, match=r"^tree: another bump is running"):
        run(tree, "pets", _newer(tmp_path), told=Told())


def test_an_edit_while_the_new_tree_is_made_is_not_written_over(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tree has to be clean when things are put into place, too."""
    note = tree / "overlay/specs/pets.overlay.yaml"

    def edit(*_: object) -> None:
        note.write_text(note.read_text("utf-8") + "# mine\n", "utf-8")

    monkeypatch.setattr("specpipe.bump.changelog.enter", edit)
    with pytest.raises(StepError, match=r"^place: .*not committed: overlay/specs/pets\.overlay\.yaml"):
        run(tree, "pets", _newer(tmp_path), told=Told())
    assert note.read_text("utf-8").endswith("# mine\n")


@pytest.mark.parametrize("name", ["specs/pets/put-pet.md", "overlay/specs/pets.overlay.yaml", "CHANGELOG.md"])
def test_a_symbolic_link_is_refused(tree: Path, tmp_path: Path, name: str) -> None:
    """A write would go to what it leads to."""
    outside = tmp_path / "outside"
    (tree / name).rename(outside)
    (tree / name).symlink_to(outside)
    commit(tree)
    before = outside.read_bytes()
    with untouched(tree), pytest.raises(StepError, match=f"^tree: {name}: this is a symbolic link"):
        run(tree, "pets", _newer(tmp_path), told=Told())
    assert outside.read_bytes() == before


def test_a_system_that_refuses_is_named_with_the_step(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, say."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/x")

    monkeypatch.setattr("specpipe.bump.stage._copy", full)
    with untouched(tree), pytest.raises(StepError, match=r"^vendor: /x: No space left on device"):
        run(tree, "pets", _newer(tmp_path), told=Told())


def test_the_present_overlay_is_no_new_one(tree: Path) -> None:
    """With the present page there is nothing new."""
    present = tree / "overlay/specs/pets.overlay.yaml"
    assert OVERLAY["actions"]
    with untouched(tree):
        assert not run(tree, "pets", tree / "specs/pets/put-pet.md", told=Told(), overlay=present)


def test_states_see_what_untouched_must_see(tmp_path: Path) -> None:
    """Bytes, modes and times: what the tests of this folder stand on."""
    file = tmp_path / "a"
    file.write_text("a", "utf-8")
    changes: list[Callable[[], object]] = [
        lambda: file.chmod(0o600),
        lambda: os.utime(file, ns=(1, 1)),
        lambda: file.write_text("b", "utf-8"),
        lambda: (tmp_path / "b").mkdir(),
    ]
    for change in changes:
        before = states(tmp_path)
        change()
        assert states(tmp_path) != before
