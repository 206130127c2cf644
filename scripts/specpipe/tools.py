"""The pinned tools. Owns which of them shape the bytes and the comparison of what is installed with what is pinned;
refuses to run with another version, since the difference would look like drift of the documents.
"""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .faults import ToolError

CONSTRAINTS = "scripts/constraints.txt"

SHAPERS = (
    "attrs",
    "Jinja2",
    "jsonpath-rfc9535",
    "MarkupSafe",
    "openapi-python-client",
    "openapi-spec-validator",
    "pydantic",
    "pydantic_core",
    "PyYAML",
    "ruff",
)
"""The distributions whose version decides what is written, or whether it is."""


def pinned(text: str) -> dict[str, str]:
    """The pinned version of every shaping tool, from the text of the constraints file.

    Raises ToolError when one is not pinned as name==version.
    """
    pins = {}
    for line in text.splitlines():
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;#]+)", line.strip())
        if match:
            pins[_normal(match[1])] = match[2]
    missing = [name for name in SHAPERS if _normal(name) not in pins]
    if missing:
        raise ToolError(f"{CONSTRAINTS}: {', '.join(missing)} is not pinned as name==version")
    return {name: pins[_normal(name)] for name in SHAPERS}


def read_pins(root: Path) -> dict[str, str]:
    """The pins of the project at `root`. Raises ToolError when the file is missing or incomplete."""
    path = root / CONSTRAINTS
    if not path.is_file():
        raise ToolError(f"{CONSTRAINTS}: there is no such file")
    return pinned(path.read_text("utf-8"))


def mismatches(pins: dict[str, str]) -> list[str]:
    """A sentence for each tool whose installed version is not the pinned one."""
    found = []
    for name, wanted in pins.items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "none"
        if installed != wanted:
            found.append(f"tool {name}: installed is {installed}, pinned is {wanted}")
    return found


def check_installed(pins: dict[str, str]) -> None:
    """Raises ToolError where the installed version of a tool is not the pinned one."""
    wrong = mismatches(pins)
    if wrong:
        raise ToolError("\n".join(wrong))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
