"""scripts/specs.py parses arguments, calls one function and returns its code."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.specpipe.documents import PROJECT, snapshot


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "scripts/specs.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_commands_agree_with_each_other(project: Path) -> None:
    """What is locked already stays so; what is spoilt is named by check with code 1, and mended by generate."""
    before = snapshot(project)
    vendored = _run("--root", project, "vendor")
    assert (vendored.returncode, vendored.stderr) == (0, "")
    assert vendored.stdout.startswith("specs/pets/put-pet.md: 1.2.3, vendored 2020-01-02, sha256 ")
    (project / "generated/pets_client/py.typed").unlink()
    found = _run("--root", project, "check")
    assert (found.returncode, found.stdout, found.stderr) == (1, "", "generated/pets_client/py.typed: missing\n")
    written = _run("--root", project, "generate")
    assert (written.returncode, written.stderr) == (0, "")
    assert written.stdout.startswith("pets_client: 2 operations")
    assert snapshot(project) == before


def test_a_fault_is_one_line_and_code_1(project: Path) -> None:
    """No traceback."""
    (project / "specs/pets/put-pet.md").write_text("# Nothing\n", "utf-8")
    done = _run("--root", project, "vendor")
    assert done.returncode == 1
    assert done.stderr == "specs.py: specs/pets/put-pet.md:1: there is no fenced OpenAPI block\n"


@pytest.mark.parametrize("command", ["vendor", "check"])
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("specs/pets/put-pet.md", "specs.py: specs/pets/put-pet.md:2: not UTF-8: the byte 0xff"),
        ("specs/providers.toml", "specs.py: specs/providers.toml: "),
    ],
    ids=["page", "table"],
)
def test_a_file_that_is_not_utf_8_is_named(project: Path, command: str, name: str, error: str) -> None:
    """With the line of a page."""
    (project / name).write_bytes(b"# \n\xff\n")
    done = _run("--root", project, command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(error)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda path: path.write_bytes(b"\xff"), "specs.py: specs/pets/put-pet.md:1: not UTF-8"),
        (lambda path: path.unlink(), "specs.py: specs/pets/put-pet.md: missing"),
    ],
    ids=["not UTF-8", "missing"],
)
def test_check_names_a_page_that_it_cannot_read(project: Path, spoil: Callable[[Path], object], error: str) -> None:
    """No traceback."""
    spoil(project / "specs/pets/put-pet.md")
    done = _run("--root", project, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(error)


def test_with_nothing_to_do_it_ends_at_once(project: Path) -> None:
    """With less than half a second of work; how long that takes depends on what else the machine does."""
    before = snapshot(project)
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = _run("--root", project, "generate")
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stdout) == (0, "nothing to do\n"), done.stderr
    assert end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime < 0.5
    assert snapshot(project) == before


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["check", "--in", "x"]], ids=["none", "unknown", "option"])
def test_an_unknown_argument_ends_with_2(arguments: list[str]) -> None:
    """As argparse does."""
    assert _run(*arguments).returncode == 2
