"""What GitHub runs: workflows that may do no more than they must, what they call, and what their scripts do."""

from __future__ import annotations

import importlib
import json
import os
import re
import socket
import subprocess
import sys
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
CI, BUMP = TEXTS["ci"], TEXTS["bump"]
SCRIPT = ROOT / "scripts" / "pull_request.sh"
FOLLOWED = ROOT / ".github" / "scripts" / "followed.py"
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
        if not known or not all(f"$({name})" in makefile for name in variables):
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


# Says what it was asked, with a text in place of its file; answers as far as the script reads it.
GH = """
import json, os, sys
asked = [open(word[6:]).read() if word.startswith("body=@") else word for word in sys.argv[1:]]
open(os.environ["CALLS"], "a").write(json.dumps(asked) + "\\n")
print(os.environ.get("OPEN_PULL", "") if "GET" in asked else sys.exit(os.environ.get("REFUSAL")) or "https://…/7")
"""


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


def test_the_script_calls_make_as_the_makefile_has_it() -> None:
    """The target and both variables; another one would be noticed."""
    text = SCRIPT.read_text("utf-8")
    assert "make bump PROVIDER=" in text
    assert unmade(text) == []
    assert unmade(text.replace("REPORT=", "REPORTS="))


class Hosting:
    """A tree with a made-up provider, the bare repository behind it, and a gh that writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.tree, self.folder = folder / "tree", folder
        gh = folder / "bin" / "gh"
        gh.parent.mkdir()
        gh.write_text(f"#!{sys.executable} -IS\n{GH}", "utf-8")
        gh.chmod(0o755)
        self.environment = {
            "PATH": f"{gh.parent}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "RUNNER_TEMP": str(folder),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_REPOSITORY": "people/issuant",
            "GITHUB_REF_NAME": "main",
            "PROVIDER": "acme",
            "CALLS": str(folder / "calls"),
        }
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "../origin.git")
        self.git("clone", "--quiet", "../origin.git", ".")
        self.commit("page", "version 1", "main")

    def git(self, *arguments: str) -> str:
        self.tree.mkdir(exist_ok=True)
        command = ["git", "-c", "user.name=A Person", "-c", "user.email=person@example.org", *arguments]
        env = self.environment
        return subprocess.run(command, cwd=self.tree, env=env, capture_output=True, text=True, check=True).stdout

    def commit(self, name: str, text: str, branch: str) -> None:
        (self.tree / name).write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", text)
        self.git("push", "--quiet", "origin", f"HEAD:{branch}")

    def pushed(self, branch: str) -> str:
        return self.git("--git-dir=../origin.git", "show", f"{branch}:page")

    def bumped(self, page: str = "version 2", report: str = "# acme: 1 → 2\n") -> None:
        """Leave the tree and the report as a bump does."""
        self.git("reset", "--quiet", "--hard", "origin/main")
        (self.tree / "page").write_text(page, "utf-8")
        (self.folder / "report.md").write_text(report, "utf-8")

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        env = self.environment | variables
        return subprocess.run(command, cwd=self.tree, env=env, capture_output=True, text=True, check=False)

    def opened(self, **variables: str) -> list[list[str]]:
        """Open the pull request; return what gh was asked."""
        done = self.run(SCRIPT, "open", **variables)
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line) for line in self.read("calls").splitlines()]

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8") if (self.folder / name).exists() else ""


@pytest.fixture
def hosting(tmp_path: Path) -> Hosting:
    return Hosting(tmp_path)


@pytest.mark.parametrize(
    ("recipe", "code", "output", "summary"),
    [
        pytest.param("echo 2 > page; echo changes > $(REPORT)", 0, "result=bumped\n", "changes\n", id="bumped"),
        pytest.param("true", 0, "result=current\n", "acme: nothing new.\n", id="nothing new"),
        pytest.param("echo '# a'; exit 1", 1, "result=failed\n", "acme: the bump failed.\n\n    # a\n", id="failed"),
    ],
)
def test_a_bump_says_what_came_of_it(hosting: Hosting, recipe: str, code: int, output: str, summary: str) -> None:
    """To the later steps, and to whoever reads the run's summary; a failure fails the job."""
    hosting.commit("Makefile", f"bump:\n\t@test $(PROVIDER) = acme; {recipe}\n", "main")
    done = hosting.run(SCRIPT, "bump")
    assert (done.returncode, hosting.read("output")) == (code, output)
    assert hosting.read("summary").startswith(summary)
    assert ("pull_request.sh: " in done.stderr) == (code != 0)


def test_a_bump_that_fails_late_shows_its_report(hosting: Hosting) -> None:
    """After the last words of its log."""
    hosting.commit("Makefile", "bump:\n\t@echo '# changes' > $(REPORT); exit 1\n", "main")
    assert hosting.run(SCRIPT, "bump").returncode == 1
    assert hosting.read("summary").startswith("acme: the bump failed.\n\n    make: *** [")
    assert hosting.read("summary").endswith("] Error 1\n\n# changes\n")


def test_the_runner_obeys_nothing_that_a_bump_prints(hosting: Hosting) -> None:
    """What could be a command stands between one that stops commands and the word that ends it."""
    hosting.commit("Makefile", "bump:\n\t@echo ::add-mask::e\n", "main")
    first, *printed, last = hosting.run(SCRIPT, "bump").stdout.splitlines()
    word = first.removeprefix("::stop-commands::")
    assert (len(word), last) == (32, f"::{word}::")
    assert printed[0] == "::add-mask::e"


def test_a_bump_becomes_a_pull_request(hosting: Hosting) -> None:
    """One commit on a branch of its own, by the workflow; the main branch stays."""
    hosting.bumped()
    look, create = hosting.opened()
    assert {"GET", "repos/people/issuant/pulls", "head=people:bump/acme", "base=main", "state=open"} <= {*look}
    assert {"POST", "repos/people/issuant/pulls", "head=bump/acme", "base=main", "title=Bump acme"} <= {*create}
    assert any("close and reopen" in word and word.endswith("# acme: 1 → 2\n") for word in create)
    assert (hosting.pushed("bump/acme"), hosting.pushed("main")) == ("version 2", "version 1")
    assert hosting.git("log", "-1", "--format=%an %s", "origin/bump/acme") == "github-actions[bot] Bump acme\n"


def test_the_next_bump_renews_the_pull_request(hosting: Hosting) -> None:
    """The same branch, with the commit of today alone, and today's report."""
    hosting.bumped()
    hosting.opened()
    hosting.bumped("version 3", "# acme: 1 → 3\n")
    edit = hosting.opened(OPEN_PULL="7")[-1]
    assert {"PATCH", "repos/people/issuant/pulls/7"} <= {*edit}
    assert any(word.endswith("# acme: 1 → 3\n") for word in edit)
    assert hosting.pushed("bump/acme") == "version 3"
    assert hosting.git("rev-list", "--count", "origin/main..origin/bump/acme") == "1\n"


def test_a_commit_of_somebody_else_is_not_pushed_over(hosting: Hosting) -> None:
    """The branch stays, nobody is asked for a pull request, and the message says what to do."""
    hosting.bumped()
    hosting.commit("page", "version 2, mended", "bump/acme")
    hosting.bumped()
    done = hosting.run(SCRIPT, "open")
    assert done.returncode == 1
    assert "merge its pull request, or delete the branch" in done.stderr
    assert (hosting.pushed("bump/acme"), hosting.read("calls")) == ("version 2, mended", "")


@pytest.mark.parametrize(
    ("lines", "mark", "cut"),
    [(1000, "", False), (3000, "", True), (3000, " ✂", True)],
    ids=["as it is", "cut", "cut by bytes"],
)
def test_a_report_is_cut_where_github_takes_no_more(hosting: Hosting, lines: int, mark: str, cut: bool) -> None:
    """Between two lines, with a note above them."""
    report = "".join(f"- `GET /{number:05}` was removed{mark}\n" for number in range(lines))
    hosting.bumped(report=report)
    (text,) = [word.removeprefix("body=") for word in hosting.opened()[-1] if "close and reopen" in word]
    assert len(text) <= 65_536
    kept = text[text.index("- `GET") :]
    assert (text.count("`make bump PROVIDER=acme`"), kept != report) == (cut, cut)
    assert report.startswith(kept)
    assert len(kept.encode()) > min(len(report.encode()), 64_000) - 100


@pytest.mark.parametrize(
    ("step", "variables", "said"),
    [
        pytest.param("open", {"REFUSAL": "HTTP 403: not permitted"}, "HTTP 403", id="GitHub refuses"),
        pytest.param("open", {"RUNNER_TEMP": "/nonexistent"}, "run the step bump first", id="nothing was bumped"),
        pytest.param("close", {}, "bump or open", id="no such step"),
    ],
)
def test_a_step_that_cannot_be_done_fails(hosting: Hosting, step: str, variables: dict[str, str], said: str) -> None:
    """And says why."""
    hosting.bumped()
    done = hosting.run(SCRIPT, step, **variables)
    assert done.returncode == 1
    assert said in done.stderr


ACME, BRICK, COAL = ({"name": n, "urls": urls} for n, urls in (("acme", ["u"]), ("brick", []), ("coal", ["u", "v"])))


@pytest.mark.parametrize(
    ("rows", "asked", "followed", "warned"),
    [
        pytest.param([ACME, BRICK, COAL], "", '["acme", "coal"]', ["brick"], id="all that have an address"),
        pytest.param([ACME, BRICK, COAL], "coal", '["coal"]', [], id="the one asked for"),
        pytest.param([ACME, BRICK], "brick", "[]", ["brick"], id="the one asked for has none"),
        pytest.param([BRICK], "", "[]", ["brick"], id="none has one"),
        pytest.param([ACME], "acne", None, [], id="no such provider"),
    ],
)
def test_a_provider_without_an_address_is_reported(
    hosting: Hosting, rows: list[dict[str, Any]], asked: str, followed: str | None, warned: list[str]
) -> None:
    """And the others are followed."""
    env = hosting.environment | {"PROVIDER": asked}
    command = [sys.executable, "-IS", str(FOLLOWED)]
    done = subprocess.run(command, input=json.dumps(rows), env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, "no such provider" in done.stderr) == ((0, False) if followed else (1, True))
    assert hosting.read("output") == (f"followed={followed}\n" if followed else "")
    assert re.findall(r"::warning title=Not followed::(\w+): no address", done.stdout) == warned
    assert re.findall(r"- (\w+): no address", hosting.read("summary")) == warned
    assert ("nothing to bump" in hosting.read("summary")) == (followed == "[]")


def test_the_list_of_providers_needs_no_environment() -> None:
    """The job that makes it runs on a bare Python; every provider of the table is in it, with its addresses."""
    command = [sys.executable, "-IS", str(ROOT / "scripts" / "specs.py"), "providers", "--json"]
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    table = tomllib.loads((ROOT / "specs" / "providers.toml").read_text("utf-8"))
    assert [row["name"] for row in rows] == list(table)
    assert all(isinstance(row["urls"], list) for row in rows)
