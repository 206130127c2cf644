"""What GitHub runs: workflows that may do no more than they must, and call nothing that is not there."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
TEXTS = {file.stem: file.read_text("utf-8") for file in sorted(WORKFLOWS.iterdir())}
CI, BUMP, WHOLE = TEXTS["ci"], TEXTS["bump"], TEXTS["whole"]
SCRIPT = ROOT / "scripts" / "pull_request.sh"
PINNED = re.compile(r"(?P<action>[\w.-]+/[\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+")
MADE = re.compile(r"\bmake ([a-z-]+)((?: [A-Z]+=\S+)*)")
WRITES = {("bump", "contents"), ("bump", "pull-requests")}


def jobs(text: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["jobs"]
    return found


def steps(text: str) -> Iterator[dict[str, Any]]:
    for job in jobs(text).values():
        yield from job["steps"]


def runs(text: str) -> Iterator[str]:
    yield from (step["run"] for step in steps(text) if "run" in step)


def unpinned(text: str) -> list[str]:
    """Actions that are not named by a commit's hash, with the version beside it."""
    used = [line.partition("uses:")[2].strip() for line in text.splitlines() if "uses:" in line]
    assert len(used) == sum("uses" in step for step in steps(text))
    return [one for one in used if not PINNED.fullmatch(one)]


def excess(text: str) -> list[str]:
    """Permissions beyond reading, save those of the one job that opens pull requests; all, where none are stated."""
    stated = yaml.safe_load(text).get("permissions", "those that the repository grants")
    if not isinstance(stated, dict):
        return [str(stated)]
    found = [name for name, level in stated.items() if level != "read"]
    for job, body in jobs(text).items():
        own = body.get("permissions", {})
        found += [f"{job}: {name}" for name, level in own.items() if level != "read" and (job, name) not in WRITES]
    return found


def interpolated(text: str) -> list[str]:
    """Commands that an expression is written into, where a value could become a command."""
    return [run for run in runs(text) if "${{" in run]


def kept_tokens(text: str) -> list[str]:
    """Places where the token is in reach of more than the one command that needs it."""
    found = [str(step) for step in steps(text) if "checkout" in step.get("uses", "")]
    found = [step for step in found if "'persist-credentials': False" not in step]
    given = [step for step in steps(text) if re.search(r"github\.token|secrets\.", str(step))]
    found += [str(step) for step in given if step.get("run") != "scripts/pull_request.sh open"]
    return found + ["outside of a step"] * (len(re.findall(r"github\.token|secrets\.", text)) - len(given))


def endless(text: str) -> list[str]:
    """Jobs without a limit of time."""
    return [name for name, job in jobs(text).items() if not 0 < job.get("timeout-minutes", 0) <= 60]


def unmade(text: str) -> list[str]:
    """Calls of make, in commands or in a script, that the Makefile has no target or no variable for."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = []
    for call in MADE.finditer(text):
        target, variables = call[1], re.findall(r"([A-Z]+)=", call[2])
        known = re.search(rf"^{target}:", makefile, re.MULTILINE)
        if not known or not all(re.search(rf"\${name}\b", makefile) for name in variables):
            found.append(call[0])
    return found


def missing_scripts(text: str) -> list[str]:
    """Files that a command names and that are not there, or not to be run."""
    named = [word for run in runs(text) for word in run.split() if re.fullmatch(r"[\w./-]+\.(py|sh)", word)]
    return [name for name in named if not (ROOT / name).is_file() or not started(name)]


def started(name: str) -> bool:
    return name.endswith(".py") or os.access(ROOT / name, os.X_OK)


def misshapen(text: str) -> list[str]:
    """What GitHub's own schema of workflows says, without the network."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".yml") as file:
        file.write(text)
        file.flush()
        return against("vendor.github-workflows", file.name)


def against(schema: str, file: str) -> list[str]:
    command = importlib.import_module("check_jsonschema").main  # without types of its own
    done = CliRunner().invoke(command, ["--builtin-schema", schema, file])
    return [] if done.exit_code == 0 else [done.output]


Check = Callable[[str], list[str]]
CHECKS = (unpinned, excess, interpolated, kept_tokens, endless, unmade, missing_scripts, misshapen)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a test of the workflows went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_workflow_has_a_fault(text: str, check: Check) -> None:
    """Of any kind that is looked for."""
    assert check(text) == []


@pytest.mark.parametrize(
    ("check", "text", "old", "new"),
    [
        pytest.param(unpinned, CI, "08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "v5", id="a tag for a hash"),
        pytest.param(unpinned, CI, " # v5.0.0", "", id="a hash without its version"),
        pytest.param(excess, CI, "permissions:\n  contents: read\n", "", id="no permissions stated"),
        pytest.param(excess, CI, "permissions:\n  contents: read", "permissions: write-all", id="all permissions"),
        pytest.param(excess, BUMP, "contents: read", "contents: write", id="writing everywhere"),
        pytest.param(excess, BUMP, "pull-requests: write", "actions: write", id="a permission not needed"),
        pytest.param(
            interpolated, BUMP, "request.sh bump", "request.sh ${{ matrix.provider }}", id="a value in a command"
        ),
        pytest.param(kept_tokens, CI, "persist-credentials: false", "fetch-depth: 1", id="credentials kept"),
        pytest.param(kept_tokens, BUMP, "pull_request.sh open", "pull_request.sh bump", id="a token for the tests"),
        pytest.param(kept_tokens, BUMP, "PROVIDER: ${{ matrix", "T: ${{ github.token }} # ", id="a job's token"),
        pytest.param(endless, CI, "    timeout-minutes: 60\n", "", id="no limit of time"),
        pytest.param(unmade, CI, "make test", "make tests", id="a target that is not there"),
        pytest.param(missing_scripts, BUMP, "followed.py", "follows.py", id="a script that is not there"),
        pytest.param(misshapen, CI, "runs-on: ubuntu-24.04", "run-on: ubuntu-24.04", id="a key of no meaning"),
        pytest.param(misshapen, BUMP, "- cron:", "- crown:", id="a schedule of no meaning"),
    ],
)
def test_a_broken_workflow_is_caught(check: Check, text: str, old: str, new: str) -> None:
    """One change to a sound one is enough."""
    assert old in text
    assert check(text.replace(old, new)) != []


def test_one_action_has_one_hash() -> None:
    """In all workflows, so that what was looked up once holds for each."""
    pinned = {(match["action"], match[0]) for text in TEXTS.values() for match in PINNED.finditer(text)}
    assert len(pinned) == len(dict(pinned)) > 0


def test_dependabot_follows_the_actions() -> None:
    """By the schema of its file."""
    file = ROOT / ".github" / "dependabot.yml"
    assert against("vendor.dependabot", str(file)) == []
    (followed,) = yaml.safe_load(file.read_text("utf-8"))["updates"]
    assert followed["package-ecosystem"] == "github-actions"


def test_every_python_that_the_project_names_is_tested() -> None:
    """And none besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r"Python :: (\d\.\d+)", "\n".join(project["classifiers"]))
    assert jobs(CI)["test"]["strategy"]["matrix"]["python"] == named


def test_what_is_tested_is_what_must_pass_before_a_change_lands() -> None:
    """The commands of .ci/run, after the setup."""
    local = MADE.findall((ROOT / ".ci" / "run").read_text("utf-8"))
    assert [name for run in runs(CI) for name, _ in MADE.findall(run)] == ["setup", *(name for name, _ in local)]


def test_what_the_tests_leave_out_each_time_is_tested_once_a_week() -> None:
    """By the variables that they read."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    read = {name for text in texts for name in re.findall(r'environ\.get\("(\w+)"\) == "whole"', text)}
    assert jobs(WHOLE)["test"]["env"] == dict.fromkeys(read, "whole")
    assert [name for run in runs(WHOLE) for name, _ in MADE.findall(run)] == ["setup", "test"]
    assert "schedule" in yaml.safe_load(WHOLE)[True]  # `on`, as YAML 1.1 reads it


def test_the_script_calls_make_as_the_makefile_has_it() -> None:
    """The target and both variables; another one would be noticed."""
    text = SCRIPT.read_text("utf-8")
    assert "make bump PROVIDER=" in text
    assert unmade(text) == []
    assert unmade(text.replace("REPORT=", "REPORTS="))


STAND_IN = """#!/bin/sh
printf '%s\\n' "$@"
exit "${ENDS_WITH:-0}"
"""
Bump = Callable[..., subprocess.CompletedProcess[str]]
BUMPED = ["scripts/specs.py", "bump"]


@pytest.fixture
def bump(tmp_path: Path) -> Bump:
    """`make bump` with a stand-in for the Python of the project, which prints each of its arguments on a line."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "scripts").mkdir()
    for name in ("pyproject.toml", "scripts/constraints.txt", "scripts/constraints-dev.txt"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    (tmp_path / ".venv" / ".ready").touch()
    python.write_text(STAND_IN, "utf-8")
    python.chmod(0o755)

    def make(*variables: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # The tests may run under a `make` of their own, whose variables are none of this one's.
        env = {"PATH": os.environ["PATH"]} | environment
        command = ["make", "bump", *variables]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    return make


@pytest.mark.parametrize(
    ("variables", "arguments"),
    [
        pytest.param([], ["--", "acme"], id="nothing else"),
        pytest.param(["SPEC=a.md b.md"], ["--", "acme", "a.md", "b.md"], id="two sources"),
        pytest.param(["SPEC=a\nb"], ["--", "acme", "a", "b"], id="two lines"),
        pytest.param(
            ["SPEC=https://x/page?a=1&b=2#c"], ["--", "acme", "https://x/page?a=1&b=2#c"], id="an address with a query"
        ),
        pytest.param(["SPEC=x;touch y"], ["--", "acme", "x;touch", "y"], id="two commands"),
        pytest.param(
            ["SPEC=`touch` $(shell touch y)"], ["--", "acme", "`touch`", "$(shell", "touch", "y)"], id="calls"
        ),
        pytest.param(['SPEC=it\'s "it" \\ $HOME'], ["--", "acme", "it's", '"it"', "\\", "$HOME"], id="quotes"),
        pytest.param(["SPEC=* [M]akefile ~"], ["--", "acme", "*", "[M]akefile", "~"], id="patterns"),
        pytest.param(["SPEC=--tests=x"], ["--", "acme", "--tests=x"], id="an option"),
        pytest.param(["PROVIDER=a b';touch y"], ["--", "a b';touch y"], id="a provider in full"),
        pytest.param(["OVERLAY=a b;'c"], ["--overlay=a b;'c", "--", "acme"], id="an overlay in full"),
        pytest.param(["REPORT=$(shell touch y)&"], ["--report=$(shell touch y)&", "--", "acme"], id="a report in full"),
        pytest.param(["ACCEPT=older new-*"], ["--accept=older", "--accept=new-*", "--", "acme"], id="exceptions"),
        pytest.param(["KEEP=1"], ["--keep", "--", "acme"], id="keep"),
        *(pytest.param([f"KEEP={no}"], ["--", "acme"], id=f"keep {no!r}") for no in ("", "0", "no", "false")),
        pytest.param(
            ["SPEC=a.md", "KEEP=yes", "REPORT=r", "OVERLAY=o", "ACCEPT=older"],
            ["--accept=older", "--overlay=o", "--report=r", "--keep", "--", "acme", "a.md"],
            id="everything",
        ),
    ],
)
@pytest.mark.parametrize("is_environment", [False, True], ids=["argument", "environment"])
def test_what_make_is_given_is_an_argument(
    bump: Bump, tmp_path: Path, variables: list[str], arguments: list[str], is_environment: bool
) -> None:
    """And nothing that a shell, or make itself, reads in any other way."""
    given = ["PROVIDER=acme", *variables]
    done = bump(**dict(one.split("=", 1) for one in given)) if is_environment else bump(*given)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [*BUMPED, *arguments]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "Makefile", "pyproject.toml", "scripts"]


@pytest.mark.parametrize("variables", [[], ["PROVIDER="], ["PROVIDER= "]])
def test_a_bump_of_no_provider_says_what_is_missing(bump: Bump, variables: list[str]) -> None:
    """With an example, and calls nothing."""
    done = bump(*variables, "SPEC=a.md")
    assert (done.returncode, done.stdout) == (2, "")
    assert "say which: make bump PROVIDER=galileo SPEC=page.md" in done.stderr


@pytest.mark.parametrize(("code", "ends_with"), [(0, 0), (3, 0), (1, 2), (2, 2)])
def test_a_bump_that_finds_nothing_new_ends_well(bump: Bump, code: int, ends_with: int) -> None:
    """Any other failure is one."""
    assert bump("PROVIDER=acme", ENDS_WITH=str(code)).returncode == ends_with
