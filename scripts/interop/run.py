"""The vendors' own SDKs at the mocks: `make interop`. Prints what each did, and ends with 1 where one did not succeed.

Each script beside this one runs in a process and an environment of its own, with the variables of its mock, an empty
home and nothing else: what makes it work is what the vendor's users have.

    python scripts/interop/run.py .venv-interop/bin/python
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from issuant import mocks
from issuant.mocks.loopback import serve

SCRIPTS = Path(__file__).resolve().parent
TIMEOUT = 120.0
PROVIDERS = tuple(sorted(path.stem for path in SCRIPTS.glob("*.py") if path != Path(__file__).resolve()))


@dataclass(frozen=True, kw_only=True)
class Run:
    """What an SDK did: pairs of an act and what came of it, and why it stopped, None where it did all."""

    provider: str
    done: tuple[tuple[str, str], ...]
    failure: str | None


def main(arguments: list[str]) -> int:
    """Run every script with the Python that is named, and return 1 where one fails."""
    python = Path(arguments[0]).absolute()  # not resolved: what a link leads to has no SDK
    runs = [tried(provider, python) for provider in PROVIDERS]
    width = max((len(act) for run in runs for act, _ in run.done), default=0)
    for run in runs:
        for act, found in run.done:
            print(f"{run.provider:<12}{act:<{width}}  {found}")
        if run.failure is not None:
            print(f"{run.provider:<12}FAILED\n{run.failure}")
    return int(any(run.failure is not None or not run.done for run in runs))


def tried(provider: str, python: Path) -> Run:
    """Run the script of one provider against a fresh mock."""
    with tempfile.TemporaryDirectory(prefix="issuant-interop-") as home, serve(mocks.simulator(provider)) as server:
        variables = server.simulator.env(server.base_url, Path(home))
        if "FIREBLOCKS_SECRET_KEY" in variables:
            # The vendor's SDK takes the text of the key, and no path.
            variables["FIREBLOCKS_SECRET_KEY"] = Path(variables["FIREBLOCKS_SECRET_KEY"]).read_text("ascii")
        # -P: a script is named as its vendor is, and so is the vendor's package.
        command = [str(python), "-P", str(SCRIPTS / f"{provider}.py")]
        try:
            ended = subprocess.run(
                command, env={**variables, "HOME": home}, cwd=home, capture_output=True, text=True, timeout=TIMEOUT
            )
        except subprocess.TimeoutExpired:
            return Run(provider=provider, done=(), failure=f"it took longer than {TIMEOUT:.0f} s")
    lines = [line.split("\t") for line in ended.stdout.splitlines() if line.count("\t") == 1]
    failure = ended.stderr if ended.returncode else None
    return Run(provider=provider, done=tuple((act, found) for act, found in lines), failure=failure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
