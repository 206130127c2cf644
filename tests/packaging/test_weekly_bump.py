"""What the scripts of the weekly bump do, run with a stand-in for what is on GitHub: say what came of it, open a pull
request, renew it, or leave all as it is.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "pull_request.sh"
FOLLOWED = ROOT / ".github" / "scripts" / "followed.py"
ACME, BRICK, COAL = ({"name": n, "urls": urls} for n, urls in (("acme", ["u"]), ("brick", []), ("coal", ["u", "v"])))

# Says what it was asked, with a text in place of its file; answers as far as the script reads it.
GH = """
import json, os, sys
asked = [open(word[6:]).read() if word.startswith("body=@") else word for word in sys.argv[1:]]
open(os.environ["CALLS"], "a").write(json.dumps(asked) + "\\n")
print(os.environ.get("OPEN_PULL", "") if "GET" in asked else sys.exit(os.environ.get("REFUSAL")) or "https://…/7")
"""


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

    def bumped(self, page: str = "version 2", report: str = "# acme: 1 → 2\n", result: str = "bumped") -> None:
        """Leave the tree, the report and the result as a bump does."""
        self.git("reset", "--quiet", "--hard", "origin/main")
        (self.tree / "page").write_text(page, "utf-8")
        (self.folder / "report.md").write_text(report, "utf-8")
        (self.folder / "result").write_text(f"{result}\n", "utf-8")

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
        pytest.param("echo 2 > page; exit 1", 0, "result=unfinished\n", "acme: the bump failed.\n", id="tests failed"),
    ],
)
def test_a_bump_says_what_came_of_it(hosting: Hosting, recipe: str, code: int, output: str, summary: str) -> None:
    """To the later steps, and to whoever reads the run's summary; a failure fails the job."""
    hosting.commit("Makefile", f"bump:\n\t@test $(PROVIDER) = acme; {recipe}\n", "main")
    done = hosting.run(SCRIPT, "bump")
    assert (done.returncode, hosting.read("output")) == (code, output)
    assert hosting.read("summary").startswith(summary)
    assert ("pull_request.sh: " in done.stderr) == (code != 0)
    assert f"result={hosting.read('result')}" == output


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


def test_a_bump_whose_tests_fail_becomes_a_draft(hosting: Hosting) -> None:
    """Which says so first: a person has to go on from there."""
    hosting.bumped(result="unfinished")
    create = hosting.opened()[-1]
    assert "draft=true" in create
    assert any(word.removeprefix("body=").startswith("**The tests fail on this version.**") for word in create)
    hosting.bumped("version 3")
    assert "draft=false" in hosting.opened()[-1]


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
