"""How often a command waits for the disk. Owns the counting, which strace does: it sees the syncs of SQLite as well as
Python's. Where strace is not there, or may not trace, nothing is counted, and the reason is told.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from children import run

_CALLS = ("fsync", "fdatasync", "msync")
_CALL = re.compile(rf"(?:{'|'.join(_CALLS)})\(")


def why_uncounted() -> str | None:
    """Return why syncs cannot be counted here; None where they can."""
    if shutil.which("strace") is None:
        return "there is no strace"
    return None if run(["strace", "-o", "/dev/null", "true"]).is_done else "strace may not trace"


def syncs_of(command: Sequence[str]) -> int:
    """Run a command to its end, and return how many syncs it and its children have asked for."""
    with TemporaryDirectory(prefix="issuant-bench-") as folder:
        seen = Path(folder) / "seen"
        run(["strace", "-f", "-qq", "-e", f"trace={','.join(_CALLS)}", "-o", str(seen), *command]).checked()
        return sum(bool(_CALL.search(line)) for line in seen.read_text("utf-8").splitlines())
