"""One build of a document with a watch beside it, in a process of its own: `stepped_build.py DOCUMENT OUT`. Owns the
borders between the steps; prints what each took, and how big the package is, as JSON.

Facts
- The steps are wrapped where the pipeline finds them, so that what is measured is the pipeline and not a copy of its
  order. A step that is not called, or called twice, is an error: the table would lie.
- What runs between finishing and counting reads the package back. The formatter is a child, and counts.
- Garbage is collected when enough of it has come together, in whatever step that is: a short one may pay for all that
  the others left. `still` as the third argument leaves it lying.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parent.parent
STEPS = {
    "read": ("specpipe.intake", "read"),
    "check": ("specpipe.structure", "check"),
    "repair": ("specpipe.repair", "repair"),
    "lower": ("specpipe.lower", "lower"),
    "generate": ("specpipe.generate", "generate"),
    "finish": ("specpipe.finish", "finish"),
    "count": ("specpipe.count", "count"),
    "sound": ("specpipe.sound", "faults"),
}
READ_BACK = "read back"
"""What is between the end of finishing and the start of counting."""


def main(document: str, out: str, mode: str = "") -> int:
    """Build the document, and print what it took; 1 when the package is not complete."""
    if mode == "still":
        gc.disable()
    sys.path.insert(0, str(SCRIPTS))
    sys.dont_write_bytecode = True
    watch: dict[str, tuple[float, float]] = {}
    for step, (module, function) in STEPS.items():
        owner = import_module(module)
        setattr(owner, function, _watched(getattr(owner, function), step, watch))
    report = import_module("specpipe.whole").build_whole(document, package="grown", out=Path(out), allow_faults=True)
    if list(watch) != list(STEPS):
        raise RuntimeError(f"the pipeline went another way: {', '.join(watch)}")
    seconds = {step: end - start for step, (start, end) in watch.items()}
    seconds[READ_BACK] = watch["count"][0] - watch["finish"][1]
    modules = [path for path in Path(out).rglob("*.py") if path.name != "__init__.py"]
    size = {"operations": report.counts["operations"][0], "modules": len(modules)}
    print(json.dumps({"seconds": seconds, **size}))
    return 1 if report.package is None else 0


def _watched(function: Callable[..., Any], step: str, watch: dict[str, tuple[float, float]]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        if step in watch:
            raise RuntimeError(f"{step} was called twice")
        start = _cpu()
        result = function(*arguments, **options)
        watch[step] = (start, _cpu())
        return result

    return call


def _cpu() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
