"""The kill matrix as the tests run it: how much of it, in a process of its own, and what is told of it at the end.

By default a first kill is at each `before` and at the last `after`; where a file is among the places, each wreck gets
one second kill, drawn by a seed; the first key is issued into a file and into Fireworks' store alone, and another sink
takes the place of a command where there is a file beside it; where all but the sink is as with a file, the kills begin
where the sink is first touched; and what is not killed has no process of its own. With ISSUANT_KILL_MATRIX=whole there
is every kill, everywhere, and a process for each run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rotation.scenes import Scene

PROPERTY = "kill matrix"
"""The name under which a test reports the size of its part, as its scenarios, runs and seconds of CPU."""

MODEL = "model of rotation"
"""The name under which a test reports the size of a model's runs, as sequences, acts and the seed."""

SEED = "1"
IS_WHOLE = os.environ.get("ISSUANT_KILL_MATRIX") == "whole"
_ROOT = Path(__file__).parents[2]
_ACTS = {"file": ("issue", "rotate"), "secret": ("issue", "rotate"), "both": ("rotate", "redirect")}
_KILLED_TWICE = frozenset({"file", "both"})


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a part of the matrix: its size, and for each scenario where something is wrong what that is."""

    scenarios: int
    runs: int
    seconds: float
    findings: tuple[tuple[str, str], ...]


def options(scene: Scene) -> list[str]:
    """Return how much of a scene is gone through."""
    if IS_WHOLE:
        return ["--every-checkpoint"]
    second = "1" if scene.place in _KILLED_TWICE else "0"
    since = [] if scene.place in _ACTS or scene.is_async else ["--since", "before stage"]
    return ["--second-kills", second, "--seed", SEED, *since, "--acts", *_ACTS.get(scene.place, ("rotate",))]


def gone_through(scene: Scene, *given: str) -> Result:
    """Go through a part of the matrix."""
    here = [] if IS_WHOLE else ["--here"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.rotation.killing", scene.name, *given, *here],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    findings = tuple((str(name), str(words)) for name, words in found.pop("findings"))
    return Result(**found, findings=findings)


def lines(reports: Iterable[Any]) -> Iterator[str]:
    """Yield the size of all parts together, from what the tests report; nothing for none."""
    told = [
        item
        for report in reports
        if getattr(report, "when", None) == "call"
        for item in getattr(report, "user_properties", ())
    ]
    models = [value for name, value in told if name == MODEL]
    if models:
        sequences, acts = (sum(model[at] for model in models) for at in range(2))
        yield f"model of rotation: {sequences:,} sequences of {acts:,} acts, seed {models[0][2]}"
    parts = [value for name, value in told if name == PROPERTY]
    if parts:
        scenarios, runs, seconds = (sum(part[at] for part in parts) for at in range(3))
        how = "whole" if IS_WHOLE else f"second kills drawn by seed {SEED}; ISSUANT_KILL_MATRIX=whole: all"
        yield f"kill matrix: {scenarios:,} scenarios in {len(parts)} scenes, {runs:,} runs, {seconds:.0f} s; {how}"
