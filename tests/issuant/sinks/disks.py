"""A program that uses a sink on a disk that is full, or that may not be written. Prints what happened, in JSON.

It is run where it may mount: as root of a user namespace of its own (`unshare --user --map-root-user --mount`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.abilities import ReadsBack, Stages

VALUE = "fw_TEST_not_a_key" * 2000  # more than what is left on a disk that is full
OLD = "old_TEST_not_a_key"


def told(act: object) -> str:
    """Return the error that a call ends in, as text; empty where it ends well."""
    assert callable(act)
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
        return f"{type(error).__name__}: {error}"
    return ""


def main(spec: str, disk: str, state: str) -> None:
    """Mount a small disk, store an old value, bring the disk into a state, and try everything."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "none", disk]
    subprocess.run(mount, check=True)
    sink = open_sink(spec.format(disk))
    assert isinstance(sink, ReadsBack)
    sink.store(Secret(OLD), sink.check(vacant=True))
    found = sink.check(vacant=False)
    if state == "full":
        filler = os.open(f"{disk}/filler", os.O_WRONLY | os.O_CREAT)
        while not told(lambda: os.write(filler, bytes(4096))):
            pass
        os.close(filler)
    else:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    result = {
        "check": told(lambda: sink.check(vacant=False)),
        "store": told(lambda: sink.store(Secret(VALUE), found)),
        "stage": told(lambda: sink.stage(Secret(VALUE), "s-1")) if isinstance(sink, Stages) else None,
        "unstage": told(lambda: sink.unstage("s-1")) if isinstance(sink, Stages) else None,
    }
    value = sink.read()
    names = sorted(entry.name for entry in Path(disk).iterdir())
    sys.stdout.write(json.dumps({**result, "value": None if value is None else value.reveal(), "names": names}))


if __name__ == "__main__":
    main(*sys.argv[1:])
