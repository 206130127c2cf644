"""The two programs whose reading of an env file counts: the shell of the system, and python-dotenv."""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values


def read_by_sh(path: Path, name: str) -> str:
    """Return what NAME is after `. PATH` in a POSIX shell without any other variable."""
    script = f'. "$1" && printf %s "${{{name}?}}"'
    done = subprocess.run(["/bin/sh", "-c", script, "sh", str(path)], capture_output=True, check=True, env={})
    assert not done.stderr
    return done.stdout.decode()


def read_by_dotenv(text: str, name: str) -> str | None:
    """Return what python-dotenv finds behind NAME, its interpolation of other variables switched on."""
    return dotenv_values(stream=StringIO(text)).get(name)
