"""`make interop` needs what it installs; here is what can be said of it without that."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "scripts" / "interop" / "run.py"


def test_an_sdk_that_does_nothing_is_a_failure() -> None:
    """This environment has none of them: each provider fails by name, and so does the run."""
    done = subprocess.run([sys.executable, RUN, sys.executable], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert re.findall(r"^(\w+) +FAILED$", done.stdout, re.MULTILINE) == ["fireblocks", "fireworks", "galileo"]
    assert len(re.findall(r"^ModuleNotFoundError", done.stdout, re.MULTILINE)) == 3


def test_what_is_installed_is_pinned_exactly() -> None:
    """So that a run can be repeated."""
    lines = (ROOT / "scripts" / "constraints-interop.txt").read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line) for line in wanted)
    assert {"fireblocks==35.1.0", "fireworks-ai==1.2.30", "galileo==2.7.0"} <= set(wanted)
