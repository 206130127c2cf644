"""`issuant providers`, and what the command says of itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version

import pytest
from issuant.cli.output import CREATED, PENDING, UNKNOWN, UNREAD
from issuant.cli.root import COMMANDS
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import Issuant


def test_the_list_has_every_provider_with_its_variables(issuant: Issuant) -> None:
    """In words, without any credential."""
    ended = issuant("providers")
    assert (ended.code, ended.err) == (0, "")
    for name in provider_names():
        provider = find_provider(name)
        assert f"{name}: {provider.title}\n" in ended.out
        assert provider.capabilities.note in ended.out
        for variable, holds in provider.variables.items():
            assert variable in ended.out
            assert holds in ended.out


def test_the_json_list_tells_the_same(issuant: Issuant) -> None:
    """One line: servers, capabilities and environment."""
    ended = issuant("providers", "--json")
    assert ended.out.count("\n") == 1
    found = json.loads(ended.out)
    assert [item["provider"] for item in found] == list(provider_names())
    for item in found:
        provider = find_provider(item["provider"])
        assert list(item) == ["provider", "title", "servers", "capabilities", "environment"]
        assert item["servers"] == dict(provider.servers)
        assert item["environment"] == dict(provider.variables)
        assert item["capabilities"]["needs_approval"] is provider.capabilities.needs_approval


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_the_help_names_the_commands_and_the_exit_codes(flag: str, issuant: Issuant) -> None:
    """It ends with 0."""
    ended = issuant(flag)
    assert ended.code == 0
    for word in (*COMMANDS, "Exit codes"):
        assert word in ended.out
    for code in (0, 1, 2, PENDING, UNKNOWN, CREATED, 129, 130, UNREAD, 143):
        assert re.search(rf"^    {code} ", ended.out, re.MULTILINE), code


def test_the_version_is_that_of_the_distribution(issuant: Issuant) -> None:
    """Beside the name of the command."""
    assert issuant("--version").out == f"issuant, version {version('issuant')}\n"


def test_python_runs_the_command_by_the_name_of_the_package() -> None:
    """Where the script is not on the path."""
    done = subprocess.run(
        [sys.executable, "-m", "issuant", "providers", "--json"], capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [item["provider"] for item in json.loads(done.stdout)] == list(provider_names())


def test_the_help_of_issue_lists_the_providers(issuant: Issuant) -> None:
    """Each is a command of its own."""
    ended = issuant("issue", "--help")
    assert ended.code == 0
    assert all(name in ended.out for name in provider_names())


@pytest.mark.parametrize("line", ["--help", "keys --help", "revoke --help", "secret put --help", "--version"])
def test_help_loads_no_http_client(line: str) -> None:
    """It stands there at once."""
    program = f"import sys; from issuant.cli.root import run; run({line.split()!r}); print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.splitlines()[-1] == "False"
