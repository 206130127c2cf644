"""Kills a rotation at every instant, and its recovery too, and tells what is wrong afterwards. A program of its own.

    python -m tests.rotation.killing galileo-file --second-kills 1

It forks: one process serves the simulator, and each run of a rotator is a process that shoots itself (SIGKILL) when it
has come to the n-th checkpoint. With `--here`, a run that is not to be killed is done in this process, by a rotator of
its own that is closed at its end: a third of the time is the forking. A scenario is one act, killed once or twice, and
carried on until nothing is open. What was after the first kill is kept and put back for each second one.

Facts
- `before` a step nothing else has been done than `after` the one before it. So each wreck is there twice; a second
  kill is for one of them, and is at the `before`s and the last `after`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import ssl
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.rotation.naive import NAIVE
from tests.rotation.scenes import SCENES
from tests.rotation.vendor import vendor_of
from tests.rotation.world import Run, World, key_pairs_of

MOST_ROUNDS = 12
ACTS = ("issue", "rotate", "redirect")


@dataclass
class Report:
    """What came of many scenarios."""

    scenarios: int = 0
    runs: int = 0
    findings: list[tuple[str, str]] = field(default_factory=list)


class Matrix:
    """All scenarios of one scene."""

    def __init__(
        self, world: World, report: Report, *, every_checkpoint: bool, second_kills: int, seed: str, since: str
    ) -> None:
        self._world = world
        self._report = report
        self._every_checkpoint = every_checkpoint
        self._second_kills = second_kills
        self._seed = seed
        self._since = since

    def go(self, act: str) -> None:
        """Kill an act at each of its checkpoints, and the recovery of each."""
        world, was, place = self._world, self._world.current(), f"{self._world.scene.name} {act}"
        start = world.keep()
        checkpoints = self._settled(f"{place} (not killed)", act, was)
        first = checkpoints.index(self._since) if self._since in checkpoints else 0
        for number, checkpoint in list(enumerate(checkpoints, 1))[first:]:
            is_own = checkpoint.startswith("before ") or number == len(checkpoints)
            if not (is_own or self._every_checkpoint):
                continue
            world.go_back(start)
            name = f"{place}, killed {checkpoint} ({number})"
            if not self._killed(name, act, number, was):
                self._find(name, "it was not killed there")
                continue
            wreck = world.keep()
            recovery = self._settled(name, world.goes_on_by(), was)
            for second in self._chosen(name, recovery) if is_own else ():
                world.go_back(wreck)
                twice = f"{name}, then {recovery[second - 1]} ({second})"
                if not self._killed(twice, world.goes_on_by(), second, was):
                    self._find(twice, "it was not killed there")
                self._settled(twice, world.goes_on_by(), was)
            shutil.rmtree(wreck[0])
        world.go_back(start)

    def _chosen(self, name: str, recovery: list[str]) -> list[int]:
        numbers = [number for number, label in enumerate(recovery, 1) if label.startswith("before ")]
        numbers += [len(recovery)] if recovery else []
        if self._second_kills < 0 or len(numbers) <= self._second_kills:
            return numbers
        return sorted(random.Random(f"{self._seed} {name}").sample(numbers, self._second_kills))  # noqa: S311 - the same each time

    def _killed(self, name: str, act: str, at: int, was: str | None) -> bool:
        """Go on until the checkpoint of that number, counted over all runs, and look at what the kill has left."""
        for _ in range(MOST_ROUNDS):
            run = self._run(name, act, at)
            if run.was_killed:
                for finding in self._world.wreck(has_key=was is not None):
                    self._find(name, f"at the kill: {finding}")
                return True
            at -= len(run.checkpoints)
            self._world.decide()
            act = self._world.goes_on_by()
        return False

    def _settled(self, name: str, act: str, was: str | None) -> list[str]:
        """Go on until nothing is open, look at the end, and return every checkpoint that was come to."""
        self._report.scenarios += 1
        checkpoints: list[str] = []
        for _ in range(MOST_ROUNDS):
            checkpoints += self._run(name, act, None).checkpoints
            act = self._world.goes_on_by()
            if not self._world.decide():
                break
        for finding in self._world.end(was=was):
            self._find(name, finding)
        return checkpoints

    def _run(self, name: str, act: str, kill_at: int | None) -> Run:
        self._report.runs += 1
        run = self._world.run(act, kill_at)
        for error in run.errors:
            self._find(name, f"{act} raised: {error}")
        return run

    def _find(self, name: str, finding: str) -> None:
        self._report.findings.append((name, finding))


def main(arguments: list[str]) -> Report:
    """Go through the matrix of one scene."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scene", choices=[scene.name for scene in SCENES])
    parser.add_argument("--protocol", choices=list(NAIVE))
    parser.add_argument("--every-checkpoint", action="store_true", help="also those `after` a step")
    parser.add_argument("--second-kills", type=int, default=-1, help="of each recovery so many; -1: all")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--since", default="", help="the first checkpoint at which an act that comes there is killed")
    parser.add_argument("--here", action="store_true", help="do in this process what is not killed")
    parser.add_argument("--acts", nargs="*", default=ACTS, choices=ACTS)
    given = parser.parse_args(arguments)
    scene = next(scene for scene in SCENES if scene.name == given.scene)
    context = ssl.create_default_context()  # no connection here has TLS, and each would make its own
    ssl.create_default_context = lambda *_, **__: context
    if given.protocol is not None:
        NAIVE[given.protocol]()
    report = Report()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - where fsync costs nothing
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = Path(name)
        pairs = key_pairs_of(scene.provider)
        with vendor_of(scene.provider, folder) as vendor:
            world = World(scene, vendor, folder / "world", pairs, forks_always=not given.here)
            world.warm_up()
            matrix = Matrix(
                world,
                report,
                every_checkpoint=given.every_checkpoint,
                second_kills=given.second_kills,
                seed=given.seed,
                since=given.since,
            )
            if "issue" in given.acts:
                matrix.go("issue")
            if {"rotate", "redirect"} & set(given.acts):
                matrix._settled(f"{scene.name} issue (to begin with)", "issue", None)
            if "rotate" in given.acts:
                matrix.go("rotate")
            if "redirect" in given.acts and scene.moved is not None:
                world.stall()
                matrix.go("redirect")
    return report


if __name__ == "__main__":
    found = main(sys.argv[1:])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    json.dump(
        {"scenarios": found.scenarios, "runs": found.runs, "seconds": seconds, "findings": found.findings}, sys.stdout
    )
