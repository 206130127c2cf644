"""What the pipeline costs beside the bare generator, measured side by side in one run: `make bench-pipeline`.

CPU time of whole processes with their children, as whatever else the machine does only ever adds to wall time; the
fastest of several rounds, taken in turns. Prints tables, and exits 1 where a limit is broken. Documents come from the
folder in WHOLE_DOCUMENTS, else from `../shared/specs` beside the project, else one is made up.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import growth
import imports
import wholes
from children import SCRIPTS, run
from lines import Line, heading

IDLE_ROUNDS = 5
IDLE_LIMIT = 0.5
_NEEDED = ("specs", "generated", "overlay/specs", "scripts/specpipe", "scripts/constraints.txt")


def main() -> int:
    """Measure, print the tables, and return 1 where a limit is not kept."""
    with tempfile.TemporaryDirectory(prefix="issuant-bench-") as folder:
        return 0 if all(_kept(Path(folder))) else 1


def _kept(work: Path) -> list[bool]:
    """Measure and print, table by table; whether each of the limits is kept."""
    documents = wholes.given() or (wholes.made_up(work),)
    made = "" if wholes.given() else " (there is no folder of whole documents)"
    print(f"Documents: {', '.join(document.name for document in documents)}{made}")
    built = [wholes.build(document, f"whole_{index}", work) for index, document in enumerate(documents)]
    build_lines = [line for one in built for line in one.lines()]
    kept = _shown(heading(f"Builds; fastest of {wholes.ROUNDS} rounds", peer="bare"), build_lines)
    kept += _shown(heading(f"Nothing to do; fastest of {IDLE_ROUNDS} rounds"), [idle_line(work)])
    import_lines = [line for one in built for line in imports.lines(one.package, one.bare_package, work)]
    title = f"Imports, less a bare interpreter; fastest of {imports.ROUNDS} rounds"
    kept += _shown(heading(title, ours="ours", peer="httpx"), import_lines)
    found = growth.sizes(documents[-1], work)
    _shown(f"Growth: parts of {documents[-1].name}; fastest of {growth.ROUNDS} rounds\n{growth.HEADING}", found)
    step_lines = [*growth.lines(found, work)]
    if wholes.given():
        # Every operation of the made-up document has something odd, which real ones do not repeat.
        ends = growth.sizes(wholes.made_up(work), work, numbers=(growth.MIDDLE,))
        step_lines += growth.lines(ends, work)
    title = f"Growth by step; fastest of {growth.STEP_ROUNDS} rounds"
    return kept + _shown(heading(title, ours="large", peer="middle"), step_lines)


def _shown(title: str, lines: Sequence[object]) -> list[bool]:
    print(f"\n{title}")
    for line in lines:
        print(line, flush=True)
    return [line.holds for line in lines if isinstance(line, Line)]


def idle_line(work: Path) -> Line:
    """The time on the clock of `specs.py generate` on a copy of the project that is up to date."""
    root, project = work / "project", SCRIPTS.parent
    for name in _NEEDED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (project / name).is_dir():
            shutil.copytree(project / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(project / name, root / name)
    command = [sys.executable, str(SCRIPTS / "specs.py"), "--root", str(root), "generate"]
    run(command).checked()
    runs = [run(command).checked() for _ in range(IDLE_ROUNDS)]
    if any(done.output != "nothing to do\n" for done in runs):
        raise RuntimeError(f"there was something to do: {runs[0].output}")
    return Line("wall s of specs.py generate", min(done.wall for done in runs), None, IDLE_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
