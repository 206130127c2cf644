"""A wheel of a clean tree, in environments of its own that hold what its metadata asks for and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGES = tuple(sorted(path.parent.name for path in (ROOT / "generated").glob("*/__init__.py")))
# Nothing of the tree may be in reach: neither its folder nor its path.
CLEAN = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what is, or is about to be, in version control."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    build = f"from hatchling.build import build_wheel; print(build_wheel({str(out)!r}))"
    subprocess.run([sys.executable, "-c", build], cwd=tree, env=CLEAN, capture_output=True, check=True)
    (built,) = out.iterdir()
    return built


def requirements(wheel: Path, extras: frozenset[str]) -> list[Requirement]:
    """Return what the wheel's own metadata asks for with these extras."""
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(name).decode())
    return wanted([str(line) for line in metadata.get_all("Requires-Dist", [])], extras)


def wanted(lines: list[str], extras: frozenset[str]) -> list[Requirement]:
    found = [Requirement(line) for line in lines]
    active = ["", *extras]
    return [one for one in found if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in active)]


def closure(wheel: Path, extras: frozenset[str]) -> dict[str, Distribution]:
    """Return the distributions of the running environment that the requirements come to, each by its name."""
    found: dict[str, Distribution] = {}
    waiting = requirements(wheel, extras)
    while waiting:
        one = waiting.pop()
        if one.name == "issuant":
            waiting += requirements(wheel, frozenset(one.extras))
        elif one.name not in found:
            there = found[one.name] = distribution(one.name)
            assert one.specifier.contains(there.version, prereleases=True), one
            waiting += wanted(there.requires or [], frozenset(one.extras))
    return found


class Environment:
    """A fresh virtual environment without pip: the wheel, unpacked by pip, and its closure, copied."""

    def __init__(self, folder: Path, wheel: Path, extras: frozenset[str]) -> None:
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self.python = folder / "venv" / "bin" / "python"
        self.site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "venv")}))
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        command = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--no-index", "--no-deps"]
        quiet = ["--disable-pip-version-check", "--no-compile", "--quiet"]
        subprocess.run([*command, *quiet, str(wheel)], env=CLEAN, cwd=self.elsewhere, check=True, capture_output=True)
        for found in closure(wheel, extras).values():
            self._copy(found)

    def _copy(self, found: Distribution) -> None:
        for entry in found.files or ():
            if entry.parts[0] != ".." and "__pycache__" not in entry.parts:
                (self.site / entry).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(str(found.locate_file(entry))), self.site / entry)

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        env = CLEAN | {"PYTHONDONTWRITEBYTECODE": "1"} | variables
        return subprocess.run(command, cwd=self.elsewhere, env=env, capture_output=True, text=True, check=False)

    def says(self, code: str, **variables: str) -> str:
        done = self.run(self.python, "-c", code, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def script(self) -> Path:
        return self.python.with_name("issuant")


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    return Environment(tmp_path_factory.mktemp("core"), wheel, frozenset())


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    return Environment(tmp_path_factory.mktemp("cli"), wheel, frozenset({"cli"}))


def test_the_wheel_holds_the_facade_and_the_generated_packages_and_nothing_else(wheel: Path) -> None:
    """Their types are marked, and each generated one has the document that it was built from."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"issuant", *PACKAGES, f"issuant-{wheel.name.split('-')[1]}.dist-info"}
    assert {f"{package}/{file}" for package in PACKAGES for file in ("py.typed", "openapi.yaml")} <= names
    assert "issuant/py.typed" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]


def test_every_module_of_the_tree_is_in_the_wheel(wheel: Path) -> None:
    """As it is, byte for byte."""
    with ZipFile(wheel) as archive:
        for home in (ROOT / "overlay", ROOT / "generated"):
            for source in home.rglob("*.py"):
                inside = source.relative_to(home).as_posix()
                if not inside.startswith("specs/"):
                    assert archive.read(inside) == source.read_bytes(), inside


def test_the_core_needs_httpx_and_attrs(wheel: Path) -> None:
    """And each extra what it says."""
    named = {
        extra: {one.name.lower() for one in requirements(wheel, frozenset({extra}))}
        for extra in ("", "fireblocks", "cli")
    }
    assert named[""] == {"httpx", "attrs"}
    assert named["fireblocks"] - named[""] == {"cryptography", "pyjwt"}
    assert named["cli"] - named[""] == {"click"}
    everything = {name.lower() for name in closure(wheel, frozenset({"all"}))}
    assert {"httpx", "attrs", "cryptography", "pyjwt", "click"} <= everything


def test_the_core_imports_from_the_wheel_alone(core: Environment) -> None:
    """The facade, and the generated packages with their markers and documents, and every model."""
    code = (
        "import importlib, issuant, sys; from importlib.resources import files\n"
        f"for name in {PACKAGES!r}:\n"
        "    package, models = importlib.import_module(name), importlib.import_module(name + '.models')\n"
        "    assert package.Client\n"
        "    assert all(getattr(models, model) for model in models.__all__)\n"
        "    assert files(name).joinpath('py.typed').is_file()\n"
        "    assert 'paths:' in files(name).joinpath('openapi.yaml').read_text()\n"
        "    print(package.__file__)\n"
        "print(issuant.__file__)"
    )
    places = core.says(code).splitlines()
    assert len(places) == len(PACKAGES) + 1
    assert all(Path(place).is_relative_to(core.site) for place in places)


def test_the_tree_is_out_of_reach(core: Environment) -> None:
    """Otherwise the tests here would prove nothing."""
    reach = core.says("import sys; print(*sys.path, sep='\\n')").splitlines()
    assert not [place for place in reach if place and Path(place).is_relative_to(ROOT)]
    assert core.says(
        "import importlib.util as u; print([u.find_spec(n) for n in ('click', 'cryptography', 'jwt')])"
    ) == ("[None, None, None]")


@pytest.mark.parametrize("name", ["fireworks", "galileo"])
def test_two_providers_work_without_an_extra(name: str, core: Environment) -> None:
    """As far as the wire: a port where nobody listens."""
    code = (
        "import issuant\n"
        f"with issuant.connect({name!r}, base_url='http://127.0.0.1:9') as connection:\n"
        "    try: connection.issue(issuant.KeyRequest(name='k'))\n"
        "    except issuant.NotSentError as error: print(type(error).__name__)"
    )
    keys = {"FIREWORKS_API_KEY": "fw_TEST_not_a_key", "GALILEO_API_KEY": "galileo_TEST_not_a_key"}
    where = {"FIREWORKS_ACCOUNT_ID": "acc", "FIREWORKS_USER_ID": "usr"}
    assert core.says(code, **keys, **where) == "NotSentError"


def test_fireblocks_without_its_extra_names_it(core: Environment) -> None:
    """Before anything is sent."""
    code = "import issuant\ntry: issuant.connect('fireblocks')\nexcept issuant.MissingExtraError as error: print(error)"
    said = core.says(code, FIREBLOCKS_API_KEY="fb_TEST_not_a_key", FIREBLOCKS_SECRET_KEY="-----BEGIN")
    assert "issuant[fireblocks]" in said
    assert "fireblocks" in said.split(":")[0]


def test_the_command_without_its_extra_names_it(core: Environment) -> None:
    """No traceback, and no success."""
    done = core.run(core.script, "providers")
    assert done.returncode not in (0, None)
    assert "issuant[cli]" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_runs_with_its_extra(cli: Environment) -> None:
    """It lists them all, Fireblocks without its extra included."""
    done = cli.run(cli.script, "providers")
    assert (done.returncode, done.stderr) == (0, "")
    listed = [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [f"issuant_{name}" for name in listed] == list(PACKAGES)
    assert {"fireblocks", "fireworks", "galileo"} <= set(listed)


def test_the_mocks_without_their_extra_name_it(cli: Environment) -> None:
    """Fireblocks' signatures cannot be checked without cryptography."""
    done = cli.run(cli.script, "mock", "--", "true", TMPDIR=os.fspath(cli.elsewhere))
    assert done.returncode == 2
    assert "issuant[mock]" in done.stderr
    assert "Traceback" not in done.stderr
