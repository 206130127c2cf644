"""The page "Add a provider", done as it stands in a copy of the tree: five things are enough, and tests find them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from tests.docs.pages import ADDING

ROOT = Path(__file__).resolve().parents[2]
PAGE = ADDING.read_text(encoding="utf-8")

_FILE = re.compile(r"^`(?P<path>[\w./-]+)`[^\n]*:\n\n````\w+\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)
FILES = {found["path"]: found["text"] for found in _FILE.finditer(PAGE)}
COMMANDS = re.findall(r"^(?:make|\.venv/bin/).*$", PAGE, re.MULTILINE)
PROGRAM = re.findall(r"^````python\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)[-1]

TABLE = "specs/providers.toml"
FIVE = {
    "specs/acme/acme-keys.md",
    TABLE,
    "overlay/specs/acme.overlay.yaml",
    "overlay/issuant/providers/acme.py",
    "overlay/issuant/mocks/acme.py",
}
OURS = ("acme", "acme.*", "issuant_acme")
THERE = ("tests/contract/", "tests/issuant/providers/test_fields.py", "tests/issuant/providers/test_borders.py")
CREDENTIALS = ("tests/contract/test_simulators.py", "-k", "acme and header_of_a_credential")
ITEMS = ("tests/contract/test_facade_replies.py", "-k", "acme and spoilt_item")
UNLISTED = ("tests/contract/test_unlisted.py", "tests/contract/test_capabilities.py", "-k", "acme")
TURNS = ("tests/contract/test_turning.py", "-k", "acme")
LIVES = ("tests/contract/test_life.py", "-k", "acme and until_it_is_revoked")
OF_BORDERS = "only_an_adapter or private or no_generated or looking"


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A copy of the tree with the new provider in it; `before` are the digests of its files without it.

    What is compiled stands in `bytecode`: not among the files that are compared, and once for all that is run.
    """

    root: Path
    before: Mapping[str, str]
    bytecode: Path

    def run(self, *command: str, overlay: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run Python with arguments, in the copy, with the copy's code; `overlay` goes before the copy's own."""
        homes = [overlay or self.root / "overlay", self.root / "generated", self.root / "scripts"]
        foreign = ("PYTEST_", "COV_", "PYTHONDONTWRITEBYTECODE")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        paths = os.pathsep.join(map(str, homes))
        settings = {"PYTHONPATH": paths, "MYPYPATH": paths, "PYTHONPYCACHEPREFIX": str(self.bytecode)}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=inherited | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def test(self, *arguments: str, overlay: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run tests of the copy."""
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments, overlay=overlay)


def _digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def _without_ours(table: str) -> str:
    """Return the table without the rows of the new provider, whatever whoever wrote them has put into them."""
    return re.sub(r"^\[acme[].](?:.*\n?)(?:(?!\[).*\n?)*", "", table, flags=re.MULTILINE)


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The copy, after the page's blocks have been written, its page locked and its package generated."""
    root = tmp_path_factory.mktemp("tree")
    for folder in ("generated", "overlay", "scripts", "specs", "tests"):
        # Whoever tries the page in the tree itself has its provider there already.
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", *OURS))
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / TABLE).write_text(_without_ours((root / TABLE).read_text("utf-8")), "utf-8")
    found = Tree(root=root, before=_digests(root), bytecode=tmp_path_factory.mktemp("bytecode"))
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.read_text('utf-8')}\n{text}" if name == TABLE else text, "utf-8")
    for step in ("vendor", "generate"):
        done = found.run("scripts/specs.py", step)
        assert done.returncode == 0, done.stdout + done.stderr
    return found


CALL = ["-c", "import sys; from issuant.cli import main; sys.argv[0] = 'issuant'; sys.exit(main())"]


def test_the_section_has_the_five_things_and_what_to_do_with_them() -> None:
    """A change of its markup does not leave the tests below with nothing to do."""
    assert set(FILES) == FIVE
    assert COMMANDS[:2] == [".venv/bin/python scripts/specs.py vendor", "make generate docs check test"]
    assert len(COMMANDS) == 3


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(FILES[TABLE], id="as-it-is-in-the-readme"),
        pytest.param(FILES[TABLE].replace('    { file = "', '  # ours\n{file="').rstrip("\n"), id="in-another-form"),
        pytest.param('[acme]\nsource = "https://acme.example"\n\n[acme.more]\na = 1\n', id="with-more-in-it"),
    ],
)
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_tree_that_has_the_provider_already_is_tested_like_one_that_has_not(row: str, where: str) -> None:
    """Whoever does what the page says runs these tests at the end of it."""
    others = _without_ours((ROOT / TABLE).read_text("utf-8")).rstrip("\n") + "\n"
    text = f"{row}\n{others}" if where == "first" else f"{others}\n{row}"
    assert set(tomllib.loads(text)) == {*tomllib.loads(others), "acme"}
    assert tomllib.loads(_without_ours(text)) == tomllib.loads(others)


def test_five_things_are_all_that_is_written_by_hand(tree: Tree) -> None:
    """What else is new or changed, the pipeline has written."""
    after = _digests(tree.root)
    changed = {name for name, digest in after.items() if tree.before.get(name) != digest}
    written = {name for name in changed if name.startswith("generated/issuant_acme/")}
    assert {"generated/issuant_acme/openapi.yaml", "generated/issuant_acme/py.typed"} <= written
    assert changed - written - {"specs/specs.lock"} == FIVE | {"specs/acme/openapi.yaml"}
    assert set(tree.before) <= set(after)


def test_the_new_files_are_as_clean_as_the_rest(tree: Tree, tmp_path: Path) -> None:
    """What is generated can be generated again; lint, format, layers and types have nothing to say."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    typed = [program, *(tree.root / name for name in sorted(FIVE) if name.endswith(".py"))]
    commands = [
        ["scripts/specs.py", "check"],
        ["-m", "ruff", "check", "--no-cache", "overlay/issuant"],
        ["-m", "ruff", "format", "--no-cache", "--check", "overlay/issuant"],
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        ["-m", "mypy", f"--cache-dir={ROOT / '.mypy_cache' / 'added'}", *map(str, typed)],
    ]
    for command in commands:
        done = tree.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_key_is_issued_by_the_command(tree: Tree, tmp_path: Path) -> None:
    """As the page has it; the value goes to the file and nowhere else."""
    words = COMMANDS[2].split()
    assert words[:3] == [".venv/bin/issuant", "mock", "--"]
    key = tmp_path / "acme.key"
    inner = [word.replace("acme.key", str(key)) for word in words[4:]]
    done = tree.run(*CALL, *words[1:3], sys.executable, *CALL, *inner)
    assert (done.returncode, done.stderr) == (0, "")
    assert key.read_text() == "acme_TEST_issued_0001_not_a_key"
    assert "not_a_key" not in done.stdout


def test_a_key_lives_and_ends_in_python(tree: Tree, tmp_path: Path) -> None:
    """As the page has it."""
    program = tmp_path / "program.py"
    text = PROGRAM.replace('"journal"', repr(str(tmp_path / "journal")))
    program.write_text(text.replace("file:", f"file:{tmp_path}/"), "utf-8")
    done = tree.run(*CALL, "mock", "--", sys.executable, "-W", "error", str(program))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[1:] == ["None", "****", "()", "done"]
    assert (tmp_path / "eval.key").read_text() == "acme_TEST_issued_0003_not_a_key"


def test_the_tests_of_the_tree_hold_for_it(tree: Tree) -> None:
    """Simulator, client and facade against the document; nobody but the adapter imports the client."""
    done = tree.test("-vv", *THERE, "-k", f"acme or {OF_BORDERS}")
    assert done.returncode == 0, done.stdout
    for home in THERE:
        assert len(re.findall(rf"^{home}.* PASSED", done.stdout, re.MULTILINE)) > 5, home


BROKEN = {
    "a-simulator-that-accepts-anyone": ("mocks", "        self._authenticate(request)\n", "", CREDENTIALS),
    "a-simulator-that-keeps-deleted-keys": (
        "mocks",
        'self.keys.pop(parts["key_id"], None) is None',
        'parts["key_id"] not in self.keys',
        LIVES,
    ),
    "an-adapter-that-hides-what-it-cannot-read": (
        "providers",
        'found.get("keys")',
        '[one for one in found.get("keys", ()) if isinstance(one, dict) and "id" in one]',
        ITEMS,
    ),
    "a-turning-that-proves-nothing": (
        "providers",
        "AcmeAccount(api_key=value)",
        "account",
        TURNS,
    ),
    "an-adapter-that-imports-another-client": (
        "providers",
        "import httpx\n",
        "import httpx\nimport issuant_galileo\n",
        (THERE[2], "-k", OF_BORDERS),
    ),
}
NOTICED = "where_it_is_used|header_of_a_credential|until_it_is_revoked|spoilt_item|only_an_adapter"


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_it_is_found(name: str, tree: Tree, tmp_path: Path) -> None:
    """By the tests that are there, which know nothing of it."""
    home, text, instead, tests = BROKEN[name]
    overlay = tmp_path / "overlay"
    shutil.copytree(tree.root / "overlay", overlay)
    _change(overlay / "issuant" / home / "acme.py", (text, instead))
    done = tree.test(*tests, overlay=overlay)
    assert done.returncode == 1, done.stdout
    assert re.search(rf"^FAILED .*({NOTICED})", done.stdout, re.MULTILINE)


def test_an_adapter_that_only_issues_is_complete(tree: Tree, tmp_path: Path) -> None:
    """With a package that has that one operation; nothing that is derived asks for more."""
    root = tmp_path / "alone"
    shutil.copytree(tree.root, root)
    _change(root / TABLE, ('["tag:keys"]', '["POST /v1/keys"]'))
    _change(
        root / "overlay/specs/acme.overlay.yaml", ("x-matches: 3", "x-matches: 1"), ("x-matches: 2", "x-matches: 1")
    )
    adapter = root / "overlay/issuant/providers/acme.py"
    besides = re.search(r"    def keys\(self.*?(?=\n\n# What follows)", adapter.read_text("utf-8"), re.DOTALL)
    assert besides is not None
    flags = "        lists_keys=True,\n        revokes_keys=True,\n"
    turning = "    turning=AcmeTurning(),\n"
    _change(adapter, (besides[0], ""), (flags, ""), (turning, ""), ("create_key, delete_key, list_keys", "create_key"))
    alone = Tree(root=root, before={}, bytecode=tree.bytecode)
    for command in (["scripts/specs.py", "generate"], ["-m", "pytest", "-q", "-p", "no:cacheprovider", *UNLISTED]):
        done = alone.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def _change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for there, instead in changes:
        assert there in text
        text = text.replace(there, instead)
    path.write_text(text, "utf-8")
