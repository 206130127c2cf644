"""The documents to measure with, and their builds beside the bare generator's. Owns where documents come from: the
folder in WHOLE_DOCUMENTS, else `../shared/specs` beside the project, else a made-up one.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from children import SCRIPTS, Run, run
from lines import Line

ROUNDS = 2
LIMIT = 1.5
MADE_UP_OPERATIONS = 465
_ENDINGS = (".json", ".yaml", ".yml")


def given() -> tuple[Path, ...]:
    """The whole documents that there are, smallest first."""
    folder = Path(os.environ.get("WHOLE_DOCUMENTS") or SCRIPTS.parent.parent / "shared" / "specs")
    found = [path for path in folder.iterdir() if path.suffix in _ENDINGS] if folder.is_dir() else []
    return tuple(sorted(found, key=lambda path: path.stat().st_size))


def made_up(work: Path) -> Path:
    """A made-up document, written to the folder."""
    code = (
        f"import json; from tests.specpipe.made_up import made_up; print(json.dumps(made_up({MADE_UP_OPERATIONS}, 1)))"
    )
    made = run([sys.executable, "-c", code], environment={"PYTHONPATH": str(SCRIPTS.parent)}).checked()
    path = work / "made-up.json"
    path.write_text(made.output, "utf-8")
    return path


@dataclass(frozen=True, kw_only=True)
class Built:
    """A document built by us and by the bare generator, the fastest of the rounds of each."""

    document: Path
    operations: int
    ours: Run
    bare: Run
    package: Path
    bare_package: Path

    def lines(self) -> Iterator[Line]:
        """What it cost beside the bare generator, or alone where that one fails."""
        name = f"{self.document.name}, {self.operations} operations"
        dropped = self.bare.output.count("\nWARNING ")
        note = f"; the bare one drops {dropped} things" if dropped else ""
        if not self.bare.is_done:
            note = f"the bare one fails: exit {self.bare.code}"
        for unit, ours, peer in (
            ("CPU s", self.ours.cpu, self.bare.cpu),
            ("peak MB", self.ours.peak_mb, self.bare.peak_mb),
        ):
            if self.bare.is_done:
                yield Line(f"{unit} of building {name}", ours, peer, LIMIT, note)
            else:
                yield Line(f"{unit} of building {name}", ours, None, None, note)


def build(document: Path, name: str, work: Path) -> Built:
    """Build the document in turns with the bare generator; the packages stay in the folder, ours as `name`."""
    bare_package = work / f"bare_{name}"
    ours: list[Run] = []
    bare: list[Run] = []
    for _ in range(ROUNDS):
        ours.append(run(_our_command(document, name, work)).checked())
        shutil.rmtree(bare_package, ignore_errors=True)
        bare.append(run(_bare_command(document, bare_package)))
    return Built(
        document=document,
        operations=int(json.loads(ours[0].output)["operations"]["declared"]),
        ours=min(ours, key=lambda done: done.cpu),
        bare=min(bare, key=lambda done: done.cpu),
        package=work / name,
        bare_package=bare_package,
    )


def _our_command(document: Path, name: str, work: Path) -> list[str]:
    options = ["--package", name, "--out", str(work), "--allow-faults", "--json"]
    return [sys.executable, str(SCRIPTS / "specs.py"), "build", str(document), *options]


def _bare_command(document: Path, package: Path) -> list[str]:
    options = ["--meta", "none", "--path", str(document), "--output-path", str(package)]
    return [sys.executable, "-m", "openapi_python_client", "generate", *options]
