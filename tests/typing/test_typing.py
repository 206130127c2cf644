"""What a strict type checker says of the public names, used rightly and wrongly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import issuant
import issuant_galileo

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
IGNORE = re.compile(r"  # type: ignore\[(?P<codes>[a-z-]+(?:, [a-z-]+)*)\]")
FOUND = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: .*\[(?P<code>[a-z-]+)\]$")


def expected() -> set[tuple[int, str]]:
    """Return the line and code of each error that misuses.py names."""
    return {
        (number, code)
        for number, line in enumerate((HERE / "misuses.py").read_text().splitlines(), start=1)
        for found in IGNORE.finditer(line)
        for code in found["codes"].split(", ")
    }


def checked(folder: Path) -> list[tuple[str, int, str]]:
    """Run mypy over both files, the ignores taken out, and return each error's file, line and code."""
    for name in ("api.py", "misuses.py"):
        (folder / name).write_text(IGNORE.sub("", (HERE / name).read_text()))
    sources = [Path(str(package.__file__)).parents[1] for package in (issuant, issuant_galileo)]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "--no-color-output"]
    cache = f"--cache-dir={ROOT / '.mypy_cache' / 'typing'}"
    env = os.environ | {"MYPYPATH": os.pathsep.join(map(str, sources))}
    done = subprocess.run(
        [*command, cache, "api.py", "misuses.py"], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 1, done.stdout
    errors = [FOUND.match(line) for line in done.stdout.splitlines() if ": error: " in line]
    assert all(errors), done.stdout
    return [(found["file"], int(found["line"]), found["code"]) for found in errors if found]


def test_right_uses_are_accepted_and_each_misuse_is_an_error_in_its_own_line(tmp_path: Path) -> None:
    """Not one error in api.py nor in the packages; in misuses.py those that it names, no fewer and no more."""
    errors = checked(tmp_path)
    assert [entry for entry in errors if entry[0] != "misuses.py"] == []
    assert {(line, code) for _, line, code in errors} == expected()


def test_the_misuses_are_many() -> None:
    """A file whose comments are not understood would name none."""
    assert len(expected()) >= 15
