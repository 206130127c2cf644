"""A package that cannot be imported or used is found out without importing it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from specpipe.faults import GenerationError
from specpipe.sound import Soundness, faults
from specpipe.witness.modules import modules

from tests.specpipe.small_package import edit, write_small_package

OPERATION = "api/pets/put_pet.py"
PET = "models/pet.py"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A sound package."""
    return write_small_package(tmp_path / "pets_client")


def test_a_sound_package_has_no_faults(package: Path) -> None:
    """Whether it is read here or was read before."""
    soundness = Soundness(package)
    for module in modules(package):
        soundness.add(module)
    assert faults(package) == []
    assert faults(package, soundness=soundness) == []


def test_the_built_package_is_sound(built_project: Path) -> None:
    """What the pipeline writes is of the shapes that are known here."""
    assert faults(built_project / "generated/pets_client") == []


def _add(name: str, text: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")

    return change


def _edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda folder: edit(folder, name, old, new)


TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .kind import Kind\n"
ENUM = "from enum import StrEnum\nclass E(StrEnum):\n"
MORE_THAN_TYPES = "type-checking block. Import is used for more than type hinting."
ATTRS = "from attrs import define, field\n@define\nclass C:\n"


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(_add(PET, "def f(:\n"), f"{PET}:52: invalid syntax", id="syntax"),
        pytest.param(
            _add("models/a.py", "def f(a, a): ...\n"), 'models/a.py:1: Duplicate parameter "a"', id="argument"
        ),
        pytest.param(
            _add("models/a.py", "f = dict(a=1, a=2)\n"), "models/a.py:1: Duplicate keyword argument `a`", id="keyword"
        ),
        pytest.param(_add("models/a.py", "a = '\\d'\n"), "models/a.py:1: invalid escape sequence '\\d'", id="warning"),
        pytest.param(
            _add("models/a.py", "def f():\n    return absent\n"), "models/a.py:2: Undefined name `absent`", id="name"
        ),
        pytest.param(_add("models/a.py", "a: absent = 1\n"), "models/a.py:1: Undefined name `absent`", id="annotation"),
        pytest.param(
            _add("models/a.py", "from __future__ import annotations\ndef f(a: absent): ...\n"),
            "models/a.py:2: Undefined name `absent`",
            id="annotation-that-is-not-evaluated",
        ),
        pytest.param(_add("models/a.py", "a: 'absent' = 1\n"), "models/a.py:1: Undefined name `absent`", id="quoted"),
        pytest.param(
            _add("models/a.py", f"{TYPING}def f():\n    return Kind.CAT\n"),
            f"models/a.py:3: Move import `.kind.Kind` out of {MORE_THAN_TYPES}",
            id="name-for-type-checkers-that-is-evaluated",
        ),
        pytest.param(
            _add("models/a.py", f"{TYPING}def f(a: Kind): ...\n"),
            f"models/a.py:3: Move import `.kind.Kind` out of {MORE_THAN_TYPES}",
            id="annotation-for-type-checkers-that-is-evaluated",
        ),
        pytest.param(
            _add("models/a.py", "from .absent import A\n"),
            "models/a.py:1: imports .absent, which is not there",
            id="module",
        ),
        pytest.param(
            _add("models/a.py", "from ....types import A\n"),
            "models/a.py:1: imports ....types, which is not there",
            id="module-outside",
        ),
        pytest.param(
            _add("models/a.py", "from pets_client.absent import A\n"),
            "models/a.py:1: imports pets_client.absent, which is not there",
            id="module-by-its-whole-name",
        ),
        pytest.param(
            _add("models/a.py", "from .kind import Absent\n"),
            "models/a.py:1: models/kind.py defines no Absent",
            id="import",
        ),
        pytest.param(
            _edit(PET, "from .kind import Kind", "from .kind import Kinds"),
            f"{PET}:12: models/kind.py defines no Kinds",
            id="import-for-type-checkers",
        ),
        pytest.param(
            _add("models/a.py", "def f():\n    from .kind import Absent\n    return Absent\n"),
            "models/a.py:2: models/kind.py defines no Absent",
            id="import-in-a-function",
        ),
        pytest.param(
            _add("models/a.py", "from .kind_list import Kind\n"),
            "models/a.py:1: models/kind_list.py defines no Kind at run time",
            id="import-of-a-name-for-type-checkers",
        ),
        pytest.param(
            _add("models/a.py", "import yaml\n"),
            "models/a.py:1: imports yaml, which the package does not depend on",
            id="dependency",
        ),
        pytest.param(
            _edit(OPERATION, "raise errors.UnexpectedStatus", "raise errors.Absent"),
            f"{OPERATION}:68: errors.py defines no Absent",
            id="attribute-of-a-module",
        ),
        pytest.param(
            _edit("models/__init__.py", '"Pet": "pet"', '"Pet": "pets"'),
            "models/__init__.py: loads Pet from pets, which is not there",
            id="module-on-demand",
        ),
        pytest.param(
            _edit(PET, "class Pet:", "class Pets:"),
            "models/__init__.py: loads Pet, but models/pet.py defines no Pet",
            id="name-on-demand",
        ),
        pytest.param(
            _edit("models/__init__.py", '            "Pet": "pet",\n', ""),
            "models/__init__.py: exports Pet, which it does not define",
            id="export",
        ),
        pytest.param(
            _edit(PET, "size: PetSize", "name: PetSize"),
            f"{PET}:24: the class Pet defines name twice",
            id="field-twice",
        ),
        pytest.param(
            _add(PET, "    def to_dict(self) -> None: ...\n"),
            f"{PET}:52: the class Pet defines to_dict twice",
            id="method-twice",
        ),
        pytest.param(
            _add("models/a.py", "def f(): ...\ndef f(): ...\n"),
            "models/a.py:2: the module defines f twice",
            id="function-twice",
        ),
        pytest.param(
            _edit(PET, "    name: str\n", "    first: str = ''\n    name: str\n"),
            f"{PET}:23: the class Pet has name without a default behind first",
            id="order-of-fields",
        ),
        pytest.param(
            _add("models/a.py", f"{ATTRS}    a: int = field(factory=int)\n    b: int = field(repr=False)\n"),
            "models/a.py:5: the class C has b without a default behind a",
            id="order-of-made-fields",
        ),
        pytest.param(
            _edit("models/kind.py", "DOG", "CAT"),
            "models/kind.py:6: the class Kind defines CAT twice",
            id="member-twice",
        ),
        pytest.param(
            _add("models/a.py", f"{ENUM}    def f(self): ...\n"),
            "models/a.py:2: the enum E has no members",
            id="no-member",
        ),
        pytest.param(
            _add("models/a.py", f"{ENUM}    mro = 'a'\n"),
            "models/a.py:3: the enum E cannot have a member mro",
            id="mro",
        ),
        pytest.param(
            _add("models/a.py", f"{ENUM}    _a_ = 'a'\n"),
            "models/a.py:3: the enum E cannot have a member _a_",
            id="underscores",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(package: Path, damage: Callable[[Path], object], named: str) -> None:
    """One fault for one damage, aside from what follows from it."""
    damage(package)
    assert named in faults(package)


def test_modules_that_import_each_other_are_named(package: Path) -> None:
    """Only where they do so when they are loaded; what leads to them is not to blame."""
    for name, imports in {"a": "b", "b": "c", "c": "a", "d": "a"}.items():
        (package / f"models/{name}.py").write_text(f"from .{imports} import X as X\nX = 1\n", "utf-8")
    assert faults(package) == ["modules import each other: models/a.py → models/b.py → models/c.py → models/a.py"]
    (package / "models/c.py").write_text("X = 1\ndef f():\n    from .a import X\n    return X\n", "utf-8")
    assert faults(package) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os\nimport httpx\nfrom attrs import define\nx = os, httpx, define\n", id="dependencies"),
        pytest.param(f"from .kind import Kind\n{TYPING}def f():\n    return Kind\n", id="imported-for-both"),
        pytest.param("from .. import errors\nx = errors.UnexpectedStatus\n", id="attribute-of-a-module"),
        pytest.param("from pets_client.models import Pet\nx = Pet\n", id="name-on-demand"),
        pytest.param("def f():\n    from .pet import Pet\n    return Pet\n", id="import-in-a-function"),
        pytest.param(
            "class C:\n    @property\n    def a(self): ...\n    @a.setter\n    def a(self, v): ...\n", id="setter"
        ),
        pytest.param(f"{ATTRS}    a: int = field(default=1, kw_only=True)\n    b: int\n", id="by-name-alone"),
        pytest.param("try:\n    import json\nexcept ImportError:\n    json = None\nx = json\n", id="try"),
        pytest.param("import httpx.absent as x\ny = x # noqa\n", id="third-party-modules-are-not-looked-into"),
    ],
)
def test_what_is_sound_is_left_alone(package: Path, text: str) -> None:
    """A fault that is none would stop a good package."""
    (package / "models/a.py").write_text(text, "utf-8")
    assert faults(package) == []


def test_no_remark_hides_a_fault(package: Path) -> None:
    """A description may hold what a linter takes for one."""
    (package / "models/a.py").write_text("# ruff: noqa\nx = absent  # noqa\n", "utf-8")
    assert faults(package) == ["models/a.py:2: Undefined name `absent`"]


def test_a_linter_that_fails_is_an_error(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it nobody has looked for names."""
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 2, stdout="", stderr="broken")
    )
    with pytest.raises(GenerationError, match="ruff check failed: broken"):
        faults(package)


def test_a_package_that_has_no_faults_can_be_imported(package: Path) -> None:
    """The small package itself is no fiction."""
    done = subprocess.run(
        [sys.executable, "-c", "import pets_client.models.pet, pets_client.api.pets.put_pet"],
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
