"""How an example is run: as it stands, in a folder and a process of its own. Owns what is held against it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docs.pages import Example

BIN = Path(sys.executable).parent
VALUES = re.compile(r"_TEST_|BEGIN (RSA )?PRIVATE KEY")


def run(command: list[str], environment: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command within a minute."""
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def faults_of(example: Example, environment: Mapping[str, str], folder: Path) -> list[str]:
    """Run an example and return what is wrong: it failed, or showed a value that nobody asked for.

    A shell example stops at the first command that fails; it shows a value where, and only where, it says `--show`.
    """
    if example.language == "python":
        file = folder / "example.py"
        file.write_text(example.text, encoding="utf-8")
        command = [sys.executable, "-W", "error", str(file)]
        asks = False
    else:
        command = ["sh", "-e", "-u", "-c", example.text.replace(".venv/bin/issuant", "issuant")]
        asks = "--show" in example.text.split()
    paths = os.pathsep.join([str(BIN), environment.get("PATH", os.defpath)])
    done = run(command, {**environment, "PATH": paths}, folder)
    faults = [] if done.returncode == 0 else [f"{example.place} ended with {done.returncode}: {done.stderr}"]
    if VALUES.search(done.stderr) or bool(VALUES.search(done.stdout)) is not asks:
        faults.append(f"{example.place} shows {'no value' if asks else 'a value'}")
    return faults


def type_faults(examples: list[Example], search: str, folder: Path) -> str:
    """Return what mypy says of Python examples, strictly; nothing where it has nothing to say."""
    files = []
    for example in examples:
        files.append(folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', example.place)}.py")
        files[-1].write_text(example.text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, *map(str, files)]
    done = run(command, {**os.environ, "MYPYPATH": search}, folder)
    return "" if done.returncode == 0 else done.stdout + done.stderr
