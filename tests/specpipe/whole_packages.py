"""Packages of whole documents, each built once a run by the command, and what can be asked of a package from outside:
whether it imports, type-checks and is formatted, and what it costs to import. Owns where whole documents come from.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.specpipe.documents import PROJECT

ENDINGS = (".json", ".yaml", ".yml")
KINDS = ("operations", "responses", "request_bodies", "schemas", "enum_members")
IMPORT_LIMIT = 1.0
"""How much the import of an operation may cost beside that of httpx."""
_ROUNDS = 5
_MODEL = re.compile(r"from \.\.\.models\.\w+ import")

_IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [package.__name__, *(found.name for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."))]
broken = []
for name in names:
    try:
        module = importlib.import_module(name)
        for attribute in getattr(module, "__all__", ()):
            getattr(module, attribute)
    except Exception as error:
        broken.append(f"{name}: {type(error).__name__}: {error}")
print("\\n".join(broken) or f"{len(names)} modules")
"""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A document, and what the command said and wrote."""

    document: Path
    code: int
    report: dict[str, Any]
    package: Path


def whole_documents() -> list[Path]:
    """The documents of the folder in WHOLE_DOCUMENTS, else of `../shared/specs` beside the project."""
    folder = Path(os.environ.get("WHOLE_DOCUMENTS") or PROJECT.parent / "shared" / "specs")
    return sorted(path for path in folder.iterdir() if path.suffix in ENDINGS) if folder.is_dir() else []


def build(document: Path, package: str, out: Path, **environment: str) -> Whole:
    """Build the document by the command."""
    command = [sys.executable, str(PROJECT / "scripts/specs.py"), "build", str(document)]
    done = subprocess.run(
        [*command, "--package", package, "--out", str(out), "--allow-faults", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    report = json.loads(done.stdout) if done.stdout else {"errors": done.stderr}
    return Whole(document=document, code=done.returncode, report=report, package=out / package)


def build_once(document: Path, package: str, shared: Path) -> Whole:
    """Build the document where no other process of this run did; they share the folder."""
    told = shared / f"{package}.json"
    with (shared / f"{package}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.is_file():
            built = build(document, package, shared)
            told.write_text(json.dumps([built.code, built.report]), "utf-8")
    code, report = json.loads(told.read_text("utf-8"))
    return Whole(document=document, code=code, report=report, package=shared / package)


def import_problems(package: Path) -> str:
    """What goes wrong when every module, and every name that is loaded on demand, is imported; empty when nothing."""
    done = _python(["-W", "error", "-c", _IMPORT_ALL, package.name], package.parent)
    said = (done.stdout + done.stderr).strip()
    return "" if re.fullmatch(r"\d+ modules", said) else said


def type_problems(package: Path, cache: Path) -> str:
    """What `mypy --strict` says of the package; empty when nothing."""
    options = ["--strict", "--python-version=3.11", "--config-file=", f"--cache-dir={cache}", "--no-error-summary"]
    done = _python(["-m", "mypy", *options, package.name], package.parent)
    return (done.stdout + done.stderr).strip()


def format_problems(package: Path) -> str:
    """Which files the formatter would change, with the options of the pipeline; empty when none."""
    options = ["--check", "--isolated", "--no-cache", "--line-length=120", "--target-version=py311"]
    done = _python(["-m", "ruff", "format", *options, package.name], package.parent)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()


def dearest_operation(package: Path) -> str:
    """The module of the operation that names the most models."""
    paths = sorted((package / "api").glob("*/*.py"))
    path = max(paths, key=lambda found: len(_MODEL.findall(found.read_text("utf-8"))))
    return f"{package.name}.api.{path.parent.name}.{path.stem}"


def import_ratio(module: str, folder: Path, cache: Path, *, attempts: int = 3) -> float:
    """The CPU time of importing the module beside that of `import httpx`, the fastest of some rounds of each.

    Whatever else the machine does only ever adds, so a ratio that is too high is measured again.
    """
    codes = (f"import {module}", "import httpx")
    for code in codes:
        _cpu(code, folder, cache)  # writes the bytecode
    ratios: list[float] = []
    while len(ratios) < attempts and not any(ratio <= IMPORT_LIMIT for ratio in ratios):
        rounds = [[_cpu(code, folder, cache) for code in codes] for _ in range(_ROUNDS)]
        ours, httpx = (min(costs) for costs in zip(*rounds, strict=True))
        ratios.append(ours / httpx)
    return min(ratios)


def _cpu(code: str, folder: Path, cache: Path) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(folder), "PYTHONPYCACHEPREFIX": str(cache)}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, code
    seconds: float = usage.ru_utime + usage.ru_stime
    return seconds


def _python(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-B", *arguments], cwd=folder, capture_output=True, text=True, check=False)
