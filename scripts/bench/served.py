"""The mocks, in a process of their own, as long as a block runs. Owns starting and ending it; refuses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mocks_served() -> Iterator[Mapping[str, str]]:
    """Serve the mocks, put their variables into the environment, and give the base URL of each by its name."""
    command = [str(Path(sys.executable).parent / "issuant"), "mock", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            served = json.loads(process.stdout.readline() if process.stdout else "{}")
            for entry in served.values():
                os.environ.update(entry["env"])
            yield {name: entry["base_url"] for name, entry in served.items()}
        finally:
            process.terminate()
