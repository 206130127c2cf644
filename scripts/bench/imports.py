"""What it costs to import one operation of a whole package, beside `import httpx`. Owns which operation: the one that
names the most models, as that is the dearest; and how it is found again in the bare generator's package.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from children import run
from lines import Line

ROUNDS = 15
LIMIT = 1.4
_MODEL = re.compile(r"from \.\.\.models\.(\w+) import (\w+)")
_METHOD = re.compile(r'"method": "(\w+)"')
_URL = re.compile(r'"url": "([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Operation:
    """The module of an operation, what it calls, and the modules of the models that it names."""

    module: str
    call: tuple[str, str]
    models: tuple[str, ...]


def operations(package: Path) -> Iterator[Operation]:
    """The operations of a package, ours or the bare generator's, in the order of their modules."""
    for path in sorted((package / "api").glob("*/*.py")):
        text = path.read_text("utf-8")
        method, url = _METHOD.search(text), _URL.search(text)
        if method and url:
            yield Operation(
                module=f"{package.name}.api.{path.parent.name}.{path.stem}",
                # The bare generator calls some path parameters otherwise.
                call=(method[1], re.sub(r"\{\w*\}", "{}", url[1])),
                models=tuple(sorted({f"{package.name}.models.{found[1]}" for found in _MODEL.finditer(text)})),
            )


def lines(package: Path, bare_package: Path, work: Path) -> list[Line]:
    """The cost of the dearest operation, alone and with all that it needs, and the bare generator's of the same."""
    dearest = max(operations(package), key=lambda found: len(found.models))
    same = next((found for found in operations(bare_package) if found.call == dearest.call), None)
    whole = f"import httpx, {', '.join((dearest.module, *dearest.models))}"
    codes = ["pass", "import httpx", f"import {dearest.module}", whole, *([f"import {same.module}"] if same else [])]
    nothing, httpx, *costs = (cost * 1000 for cost in measure(codes, work))
    title = f"import of {dearest.module.rpartition('.')[2]} of {package.name}"
    titles = [title, f"the same, httpx and its {len(dearest.models)} models", "the same of the bare one's package"]
    limits = [LIMIT, LIMIT, None]
    return [
        Line(f"CPU ms: {title} / import httpx", cost - nothing, httpx - nothing, limit)
        for title, limit, cost in zip(titles, limits, costs, strict=False)
    ]


def measure(codes: Sequence[str], folder: Path) -> list[float]:
    """The CPU seconds of an interpreter that runs each code, the fastest of the rounds, taken in turns."""
    environment = {
        "PYTHONPATH": str(folder),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    commands = [[sys.executable, "-c", code] for code in codes]
    for command in commands:
        run(command, environment=environment).checked()  # writes the bytecode
    rounds = [[run(command, environment=environment).checked().cpu for command in commands] for _ in range(ROUNDS)]
    return [min(costs) for costs in zip(*rounds, strict=True)]
