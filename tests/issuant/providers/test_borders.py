"""Where generated code may be seen, and what of it the adapters lean on."""

from __future__ import annotations

import ast
import inspect
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import issuant
import issuant_fireworks
import pytest
from issuant.errors import UsageError
from issuant.providers import find_provider, provider_names

HOME = Path(issuant.__file__).parent
ROOT = Path(__file__).parents[3]
SOURCES = sorted(HOME.rglob("*.py"))
LINTER = Path(sys.executable).with_name("lint-imports")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def clients_imported(home: Path) -> set[tuple[str, str]]:
    """Return each module of the facade that imports a generated client, with the client; whatever that is called."""
    return {
        (source.relative_to(home).as_posix(), name.partition(".")[0])
        for source in home.rglob("*.py")
        for name in imported(ast.parse(source.read_text(encoding="utf-8")))
        if name.startswith("issuant_")
    }


def strangers(home: Path) -> set[tuple[str, str]]:
    """Return those imports of a client that are not made by the adapter of its own provider."""
    return {(source, client) for source, client in clients_imported(home) if adapter_of(source) != client}


def adapter_of(source: str) -> str | None:
    """Return the client that a module may import: that of the provider whose adapter it is, or a part of."""
    folder, _, rest = source.partition("/")
    return f"issuant_{rest.partition('/')[0].removesuffix('.py')}" if folder == "providers" else None


def adapter_sources(name: str) -> list[Path]:
    """Return the modules of a provider's adapter, which is one of them or a package."""
    home = HOME / "providers"
    return sorted((home / name).rglob("*.py")) or [home / f"{name}.py"]


def test_only_an_adapter_imports_its_generated_client() -> None:
    """providers/<p>.py, or what is below providers/<p>/, imports issuant_<p>, and nobody else does, under any guard."""
    assert strangers(HOME) == set()
    assert {client for _, client in clients_imported(HOME)} == {f"issuant_{name}" for name in provider_names()}


@pytest.mark.parametrize(
    ("source", "line", "client"),
    [
        pytest.param("transport.py", "import issuant_galileo.client", "issuant_galileo", id="below"),
        pytest.param(
            "providers/fireworks/__init__.py", "from issuant_galileo import Client", "issuant_galileo", id="another's"
        ),
        pytest.param("providers/galileo/keys.py", "import issuant_fireworks", "issuant_fireworks", id="a-part"),
        pytest.param("providers/__init__.py", "import issuant_galileo", "issuant_galileo", id="all-adapters"),
        pytest.param("cli/root.py", "def f():\n    import issuant_unheard_of", "issuant_unheard_of", id="unknown"),
        pytest.param("keys.py", "if TYPE_CHECKING:\n    import issuant_galileo", "issuant_galileo", id="types"),
    ],
)
def test_a_wrong_import_of_a_client_is_caught(source: str, line: str, client: str, tree: Path) -> None:
    """Also of a package that nobody has heard of, in a function, and for type checkers alone."""
    home = tree / "overlay" / "issuant"
    with (home / source).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert strangers(home) == {(source, client)}


def test_no_generated_client_is_imported_by_its_name_as_a_text() -> None:
    """A text in a call of import_module would go unseen."""
    named = [
        (source.name, node.value)
        for source in SOURCES
        if source.parent.name != "mocks"
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("issuant_")
    ]
    assert named == []


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    paths = f"{root / 'overlay'}:{root / 'generated'}"
    command = [str(LINTER), "--config", str(root / "pyproject.toml"), "--no-cache"]
    return subprocess.run(
        command, cwd=root, env={"PYTHONPATH": paths, "PATH": ""}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what the contracts speak of."""
    generated = Path(issuant_fireworks.__file__).parents[1]
    shutil.copytree(HOME, tmp_path / "overlay" / "issuant", ignore=shutil.ignore_patterns("__pycache__"))
    for package in generated.glob("issuant_*"):
        shutil.copytree(package, tmp_path / "generated" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold(tree: Path) -> None:
    """Imports go downwards only."""
    done = lint(tree)
    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


def test_an_import_upwards_is_caught(tree: Path) -> None:
    """The contract can fail: one file reaches upwards."""
    with (tree / "overlay" / "issuant" / "keys.py").open("a", encoding="utf-8") as file:
        file.write("\nimport issuant.connector\n")
    done = lint(tree)
    assert done.returncode == 1
    assert "issuant.keys -> issuant.connector" in done.stdout


_IDEMPOTENT = "*idempotency_key=UNSET"
_PAGED = ["*page_size=UNSET", "*page_token=UNSET"]
PRIVATE = {
    "issuant_fireworks.api.gateway.create_api_key": ["account_id", "user_id", "*body"],
    "issuant_fireworks.api.gateway.create_secret": ["account_id", "*body"],
    "issuant_fireworks.api.gateway.create_user": ["account_id", "*body", "*user_id=UNSET"],
    "issuant_fireworks.api.gateway.delete_api_key": ["account_id", "user_id", "*body"],
    "issuant_fireworks.api.gateway.delete_secret": ["account_id", "secret_id"],
    "issuant_fireworks.api.gateway.get_secret": ["account_id", "secret_id"],
    "issuant_fireworks.api.gateway.get_user": ["account_id", "user_id"],
    "issuant_fireworks.api.gateway.list_api_keys": [
        *("account_id", "user_id", *_PAGED),
        *("*filter_=UNSET", "*order_by=UNSET", "*read_mask=UNSET"),
    ],
    "issuant_fireworks.api.gateway.list_secrets": ["account_id", *_PAGED],
    "issuant_fireworks.api.gateway.list_users": ["account_id", *_PAGED],
    "issuant_fireworks.api.gateway.update_secret": ["account_id", "secret_id", "*body"],
    "issuant_fireblocks.api.api_user.create_api_user": ["*body", _IDEMPOTENT],
    "issuant_fireblocks.api.api_user.get_api_users": [],
    "issuant_fireblocks.api.api_user.get_whitelist_ip_addresses": ["user_id"],
    "issuant_fireblocks.api.api_user.issue_api_user_pairing_token": ["user_id", _IDEMPOTENT],
    "issuant_fireblocks.api.approvals.get_approval_by_id": [
        *("request_id", "*user_id=UNSET", "*quorum_status_mode=UNSET"),
    ],
    "issuant_fireblocks.api.approvals.get_approvals": [
        *("*include_user_approved=UNSET", "*user_id=UNSET", "*include_all_users=UNSET", "*quorum_status_mode=UNSET"),
        *("*page_size=UNSET", "*page_cursor=UNSET"),
    ],
    "issuant_galileo.api.api_keys.create_api_key": ["*body"],
    "issuant_galileo.api.api_keys.delete_api_key": ["api_key_id"],
    "issuant_galileo.api.api_keys.list_api_keys": ["user_id", "*starting_token=0", "*limit=100"],
    "issuant_galileo.api.auth.get_current_user": [],
}


def written(parameter: inspect.Parameter) -> str:
    star = "*" if parameter.kind is parameter.KEYWORD_ONLY else ""
    default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
    return f"{star}{parameter.name}{default}"


@pytest.mark.parametrize("module", PRIVATE)
def test_a_private_function_that_adapters_call_has_this_signature(module: str) -> None:
    """Generated anew, it may change without notice."""
    signature = inspect.signature(import_module(module)._get_kwargs)
    assert [written(parameter) for parameter in signature.parameters.values()] == PRIVATE[module]
    assert signature.return_annotation == "dict[str, Any]"


def test_no_other_private_function_is_called() -> None:
    """Each `_get_kwargs` in an adapter is of a module above, and nothing else private is used."""
    used = set()
    for source in (source for name in provider_names() for source in adapter_sources(name)):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        homes = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("issuant_")
            for alias in node.names
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                continue
            if node.value.id in homes and node.attr.startswith("_"):
                assert node.attr == "_get_kwargs"
                used.add(homes[node.value.id])
        assert not [home for home in homes.values() if "._" in home]
    listed = {module.partition(".")[0] for module in PRIVATE}
    assert {home for home in used if home.partition(".")[0] in listed} == set(PRIVATE)
    assert {home.partition(".")[0] for home in used} == {f"issuant_{name}" for name in provider_names()}


@pytest.mark.parametrize("name", provider_names())
def test_no_generated_type_stands_in_a_public_signature(name: str) -> None:
    """Neither in the fields of a provider's values nor in the methods of its adapter."""
    module = import_module(f"issuant.providers.{name}")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and _is_of(kind, module.__name__)]
    assert len(kinds) >= 3, "an account, a request and an adapter"
    for kind in kinds:
        for hint in inspect.get_annotations(kind).values():
            assert "Unset" not in str(hint)
        for member in vars(kind).values():
            if inspect.isfunction(member) and not member.__name__.startswith("_"):
                hints = inspect.get_annotations(member, eval_str=True).values()
                assert not [hint for hint in hints if "issuant_" in str(hint)]


def _is_of(kind: type, module: str) -> bool:
    return kind.__module__ == module or kind.__module__.startswith(f"{module}.")


@pytest.mark.parametrize("name", ["", "nobody", "Galileo", "__init__", "__pycache__", "galileo.x", "../galileo", "os"])
def test_an_unknown_provider_is_refused_with_the_known_ones(name: str) -> None:
    """Whatever else stands in the folder of the adapters."""
    with pytest.raises(UsageError, match="there is no provider") as caught:
        find_provider(name)
    assert caught.value.field == "provider"
    assert ", ".join(provider_names()) in caught.value.advice


def test_the_providers_are_found_by_looking() -> None:
    """In order; each calls itself by the name of its module or package."""
    modules = sorted({path.relative_to(HOME / "providers").parts[0] for path in (HOME / "providers").rglob("*.py")})
    assert provider_names() == tuple(name.removesuffix(".py") for name in modules if name != "__init__.py")
    assert {"fireblocks", "fireworks", "galileo"} <= set(provider_names())
    for name in provider_names():
        provider = find_provider(name)
        assert provider.name == name
        assert next(iter(provider.servers.values())).startswith("https://")
