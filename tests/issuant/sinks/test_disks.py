"""File systems that are really full, really read-only, or really somebody else's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from issuant.errors import SinkNotReadyError
from issuant.sinks import open_sink

from tests.issuant.sinks.disks import OLD
from tests.issuant.sinks.keyrings import ROOT

UNSHARED = ("unshare", "--user", "--map-root-user", "--mount")
SPECS = {"env": "env:{}/place#KEY", "file": "file:{}/place"}
both = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())


def on_disk(spec: str, state: str, folder: Path) -> dict[str, Any]:
    """Return what happened on a disk in that state, or skip where this machine lets nobody mount one."""
    if shutil.which(UNSHARED[0]) is None:
        pytest.skip("unshare is not installed")
    probe = subprocess.run([*UNSHARED, "mount", "-t", "tmpfs", "none", str(folder)], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"no disk can be mounted here: {probe.stderr.strip()}")
    script = Path(__file__).with_name("disks.py")
    done = subprocess.run(
        [*UNSHARED, sys.executable, str(script), spec, str(folder), state],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@both
@pytest.mark.parametrize(
    ("state", "words"), [("full", "No space left"), ("read-only", "Read-only file system")], ids=["full", "read-only"]
)
def test_a_disk_that_takes_nothing_is_found_out_and_leaves_the_old_value(
    spec: str, state: str, words: str, tmp_path: Path
) -> None:
    """By the check; and where it comes later, by the store and the staging, without a trace of the new value."""
    found = on_disk(spec, state, tmp_path)
    assert words in found["check"]
    assert found["check"].startswith("SinkNotReadyError")
    assert words in found["store"]
    if spec.startswith("file:"):
        assert words in found["stage"]
        assert state == "read-only" or found["unstage"] == ""
    assert found["value"] == OLD
    assert found["names"] == (["filler", "place"] if state == "full" else ["place"])
    assert "fw_TEST_not_a_key" not in json.dumps(found)


@both
def test_a_device_is_no_place_for_a_value(spec: str) -> None:
    """/dev/full takes nothing, and is not replaced by a file."""
    with pytest.raises(SinkNotReadyError, match="no regular file"):
        open_sink(spec.replace("{}/place", "/dev/full")).check(vacant=False)
    assert Path("/dev/full").is_char_device()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody can look into: those of pytest are closed to others."""
    with tempfile.TemporaryDirectory(prefix="others-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


AS_NOBODY = """
import os, sys
from issuant.errors import SinkNotReadyError
from issuant.sinks import open_sink
from issuant.sinks import atomic, envfile, file
sink = open_sink(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    sink.check(vacant=False)
except SinkNotReadyError as error:
    sys.exit(str(error))
"""


@both
def test_a_folder_that_one_may_not_write_to_is_found_out_beforehand(spec: str, open_folder: Path) -> None:
    """As a user whom modes keep out, which root is not."""
    open_folder.chmod(0o555)
    done = subprocess.run([sys.executable, "-c", AS_NOBODY, spec.format(open_folder)], capture_output=True, text=True)
    open_folder.chmod(0o755)
    assert "cannot be written: Permission denied" in done.stderr
    assert list(open_folder.iterdir()) == []


WITH_LIMIT = """
import resource, sys
from issuant.errors import SinkNotReadyError
from issuant.sinks import open_sink
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    open_sink(sys.argv[1]).check(vacant=False)
except SinkNotReadyError as error:
    sys.exit(str(error))
"""


@both
def test_a_limit_on_the_size_of_files_is_found_out_beforehand(spec: str, tmp_path: Path) -> None:
    """A check writes as much as a store may."""
    done = subprocess.run([sys.executable, "-c", WITH_LIMIT, spec.format(tmp_path)], capture_output=True, text=True)
    assert "cannot be written: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []
