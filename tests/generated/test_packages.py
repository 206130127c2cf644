"""A generated package as a whole: lazy, typed, small in what it needs, and shipped with its document."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from tests.generated.packages import PACKAGES, PROJECT, document

EACH = pytest.mark.parametrize("name", PACKAGES)

TYPED = """\
import asyncio

import httpx
from issuant_fireblocks import Client
from issuant_fireblocks.api.api_user import create_api_user
from issuant_fireblocks.models import CreateAPIUser, CreateAPIUserRole

body = CreateAPIUser(role=CreateAPIUserRole.VIEWER, name="n", csr_pem="p")
client = Client(server="sandbox", auth=httpx.BasicAuth("a", "b"), timeout=1.0)
status: int = create_api_user.sync_detailed(client=client, body=body, idempotency_key="k").status_code
async def use() -> None:
    await create_api_user.asyncio(client=client, body=body)
"""

MISTYPED = {
    "from issuant_galileo.models import CreateApiKeyReqest": 'Module "issuant_galileo.models" has no attribute',
    "from issuant_galileo import Clent": 'Module "issuant_galileo" has no attribute',
    "from issuant_galileo.models import CreateApiKeyRequest as R; R(descripton='x')": "Unexpected keyword argument",
    "from issuant_galileo.client import AuthenticatedClient": "has no attribute",
}


@EACH
def test_importing_a_package_loads_nothing_else(name: str) -> None:
    """Neither httpx nor attrs nor a model, until a name is asked for."""
    code = (
        f"import sys, {name}, {name}.models\n"
        "loaded = [m for m in sys.modules if m.split('.')[0] in ('httpx', 'attr', 'attrs')]\n"
        f"inner = [m for m in sys.modules if m.startswith('{name}.')]\n"
        "print(loaded, sorted(inner))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout == f"[] ['{name}.lazy', '{name}.models']\n"


@EACH
def test_all_names_can_be_listed_and_loaded(name: str) -> None:
    """`__all__`, `dir` and the attributes agree."""
    for module in (import_module(name), import_module(f"{name}.models")):
        assert set(module.__all__) <= set(dir(module))
        for exported in module.__all__:
            assert getattr(module, exported) is getattr(module, exported)
    assert import_module(name).__all__ == ["SERVERS", "Client"]


@EACH
def test_a_name_that_is_not_there_is_an_attribute_error(name: str) -> None:
    """Which names module and attribute, as Python's own does."""
    with pytest.raises(AttributeError, match=f"module '{name}.models' has no attribute 'Nothing'") as caught:
        _ = import_module(f"{name}.models").Nothing
    assert caught.value.name == "Nothing"


def test_type_checkers_see_through_the_lazy_loading(tmp_path: Path) -> None:
    """A program that is right passes `mypy --strict`, and each misspelt name is found."""
    (tmp_path / "right.py").write_text(TYPED, "utf-8")
    for index, line in enumerate(MISTYPED):
        (tmp_path / f"wrong{index}.py").write_text(line + "\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        f"--cache-dir={PROJECT / '.mypy_cache' / 'misspelt'}",
        "--follow-imports=silent",
    ]
    command += sorted(str(path) for path in tmp_path.glob("*.py"))
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), cwd=tmp_path)
    found = {line.split(":")[0]: line for line in done.stdout.splitlines() if ": error: " in line}
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(found) == {f"wrong{index}.py" for index in range(len(MISTYPED))}
    for index, message in enumerate(MISTYPED.values()):
        assert message in found[f"wrong{index}.py"]


@EACH
def test_a_package_is_typed_and_carries_its_document(name: str) -> None:
    """The effective one, with security, as package data."""
    assert files(name).joinpath("py.typed").is_file()
    held = document(name)
    assert held["openapi"].startswith("3.")
    operations = [entry for item in held["paths"].values() for entry in item.values()]
    assert all(entry.get("security", held.get("security")) for entry in operations)


@EACH
def test_only_httpx_attrs_and_the_standard_library_are_imported(name: str) -> None:
    """A generated package needs nothing else."""
    imported = set()
    for path in (PROJECT / "generated" / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"httpx", "attrs"}


def test_the_generated_code_is_formatted_and_free_of_unused_imports() -> None:
    """By the pinned ruff with the pipeline's own settings."""
    for command in (["format", "--check"], ["check", "--select=F401,F811,I"]):
        options = ["--isolated", "--no-cache", "--line-length=120", "--target-version=py311"]
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options, str(PROJECT / "generated")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT / "generated"), "MYPYPATH": str(PROJECT / "generated")}


@EACH
def test_a_client_is_made_without_attrs(name: str) -> None:
    """Importing it takes time, and models alone need it."""
    code = f"import sys, {name}; {name}.Client(); print('attr' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout == "False\n"
