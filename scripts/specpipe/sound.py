"""Whether a written package can be imported and used, found without importing it. Owns the check of modules, imports,
names and classes; refuses nothing by itself, it tells.

Facts
- ruff finds names that are not defined, and those that only a type checker sees where they are evaluated; it finds the
  latter, too, where another import makes them at run time, and does not look from one module into another.
- A name that is loaded on demand is not looked for until someone asks for it, perhaps never in a test.
- Modules that import each other when they are loaded cannot be loaded, whichever comes first.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .faults import GenerationError
from .witness.definitions import definition_faults
from .witness.modules import Module, modules
from .witness.survey import Import, Surveyed, survey

_FOREIGN = frozenset(("attrs", "httpx"))
_TYPED = re.compile(r"(\w+)`")
_RULES = "F821,F822,F823,TC004"


class Soundness:
    """The modules of a package, to be added one by one, and what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._surveyed: dict[tuple[str, ...], Surveyed] = {}
        self._broken: set[str] = set()
        self._faults: list[str] = []

    def add(self, module: Module) -> None:
        """Take in what the module defines and asks for."""
        if module.problems:
            self._broken.add(module.name)
            self._faults += [f"{module.name}:{problem}" for problem in module.problems]
        self._faults += definition_faults(module)
        path = module.path[:-1] if module.path[-1] == "__init__.py" else (*module.path[:-1], module.path[-1][:-3])
        self._surveyed[path] = survey(module)

    def faults(self) -> list[str]:
        """What is wrong, each with file and line; empty when the package is sound."""
        found = [*self._faults, *self._named_by_ruff()]
        for path, surveyed in self._surveyed.items():
            found += [
                f"{surveyed.module}:{item.line}: {problem}"
                for item in surveyed.imports
                if (problem := self._import_fault(path, surveyed, item))
            ]
            found += self._table_faults(path, surveyed)
            found += self._attribute_faults(path, surveyed)
        return [*dict.fromkeys(found), *self._circles()]

    def _named_by_ruff(self) -> Iterator[str]:
        command = ["check", "--isolated", "--no-cache", "--quiet", "--ignore-noqa", "--target-version=py311"]
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, f"--select={_RULES}", "--output-format=json", str(self._folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):
            raise GenerationError(f"{self._folder.name}: ruff check failed: {done.stderr.strip()}")
        present = {surveyed.module: surveyed.present for surveyed in self._surveyed.values()}
        for item in json.loads(done.stdout or "[]"):
            name = Path(item["filename"]).relative_to(self._folder.resolve()).as_posix()
            typed = _TYPED.search(item["message"]) if item["code"] == "TC004" else None
            if name not in self._broken and not (typed and typed[1] in present[name]):
                yield f"{name}:{item['location']['row']}: {item['message']}"

    def _target(self, path: tuple[str, ...], surveyed: Surveyed, item: Import) -> tuple[str, ...] | None:
        """The module of the package that the import leads to; None when it leads out of it."""
        if item.level == 0:
            return item.module[1:]
        base = path if surveyed.is_package else path[:-1]
        up = item.level - 1
        return (*base[: len(base) - up], *item.module) if up <= len(base) else None

    def _import_fault(self, path: tuple[str, ...], surveyed: Surveyed, item: Import) -> str | None:
        if item.level == 0 and item.module[0] != self._folder.name:
            root = item.module[0]
            is_known = root in _FOREIGN or root in sys.stdlib_module_names
            return None if is_known else f"imports {root}, which the package does not depend on"
        target = self._target(path, surveyed, item)
        text = "." * item.level + ".".join(item.module)
        if target is None or target not in self._surveyed:
            return f"imports {text}, which is not there"
        return None if item.name is None else self._name_fault(target, item.name, at_run_time=item.at_run_time)

    def _name_fault(self, target: tuple[str, ...], name: str, *, at_run_time: bool) -> str | None:
        """What is wrong with taking the name from the module."""
        found = self._surveyed[target]
        if name in found.present or name in found.on_demand or (*target, name) in self._surveyed:
            return None
        if found.module in self._broken or (not at_run_time and name in found.typed):
            return None
        return f"{found.module} defines no {name}" + (" at run time" if name in found.typed else "")

    def _table_faults(self, path: tuple[str, ...], surveyed: Surveyed) -> Iterator[str]:
        package = path if surveyed.is_package else path[:-1]
        for name, module in surveyed.on_demand.items():
            target = (*package, *module.split("."))
            if target not in self._surveyed:
                yield f"{surveyed.module}: loads {name} from {module}, which is not there"
            elif problem := self._name_fault(target, name, at_run_time=True):
                yield f"{surveyed.module}: loads {name}, but {problem}"
        for name in sorted(surveyed.exported - surveyed.present - surveyed.on_demand.keys()):
            if (*path, name) not in self._surveyed or not surveyed.is_package:
                yield f"{surveyed.module}: exports {name}, which it does not define"

    def _attribute_faults(self, path: tuple[str, ...], surveyed: Surveyed) -> Iterator[str]:
        bound = {}
        for item in surveyed.imports:
            target = self._target(path, surveyed, item) if item.level and item.name is not None else None
            if target is not None and item.name is not None and (*target, item.name) in self._surveyed:
                bound[item.bound] = (*target, item.name)
        for line, name, attribute in surveyed.attributes:
            problem = self._name_fault(bound[name], attribute, at_run_time=False) if name in bound else None
            if problem:
                yield f"{surveyed.module}:{line}: {problem}"

    def _circles(self) -> Iterator[str]:
        """One circle, if there is any, of modules that import each other when they are loaded."""
        uses: dict[tuple[str, ...], set[tuple[str, ...]]] = {path: set() for path in self._surveyed}
        for path, surveyed in self._surveyed.items():
            for item in surveyed.imports:
                if item.level and item.at_run_time and item.at_start:
                    target = self._target(path, surveyed, item) or ()
                    inner = (*target, item.name or "")
                    uses[path] |= {inner if inner in uses else target} & uses.keys()
        waiting = True
        while waiting:
            done = {path for path, used in uses.items() if not used}
            uses = {path: used - done for path, used in uses.items() if path not in done}
            waiting = bool(done)
        if uses:
            seen = [next(iter(uses))]
            while (following := min(uses[seen[-1]])) not in seen:
                seen.append(following)
            circle = [*seen[seen.index(following) :], following]
            yield "modules import each other: " + " → ".join(self._surveyed[path].module for path in circle)


def faults(folder: Path, *, soundness: Soundness | None = None) -> list[str]:
    """What is wrong with the package in the folder, each with file and line; empty when it is sound.

    `soundness` holds the package's modules, for a caller who has read them already.
    Raises GenerationError when ruff fails.
    """
    if soundness is None:
        soundness = Soundness(folder)
        for module in modules(folder):
            soundness.add(module)
    return soundness.faults()
