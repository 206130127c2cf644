"""Which providers the weekly bump follows: those of the list on standard input that have an address.

Owns what .github/workflows/bump.yml says of the others: a warning and a line in the run's summary. Refuses a provider
that the list does not hold. Facts: PROVIDER names the only one that is wanted, and is empty for all of them; the runner
reads a job's outputs and its summary from the files that GITHUB_OUTPUT and GITHUB_STEP_SUMMARY name.
"""

import json
import os
import sys
from pathlib import Path


def append(variable: str, line: str) -> None:
    """Add a line to the file that a variable of the runner names."""
    with Path(os.environ[variable]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def main() -> int:
    """Tell the runner whom to follow and whom not; 1 where the provider that was asked for does not exist."""
    providers = {row["name"]: row["urls"] for row in json.load(sys.stdin)}
    asked = os.environ["PROVIDER"]
    if asked and asked not in providers:
        sys.stderr.write(f"{asked}: no such provider in specs/providers.toml; it has {', '.join(providers)}\n")
        return 1
    wanted = [asked] if asked else list(providers)
    followed = [name for name in wanted if providers[name]]
    for name in wanted:
        if name not in followed:
            reason = f"{name}: no address in specs/providers.toml, not followed"
            sys.stdout.write(f"::warning title=Not followed::{reason}\n")
            append("GITHUB_STEP_SUMMARY", f"- {reason}")
    if not followed:
        append("GITHUB_STEP_SUMMARY", "\nNo provider has an address: there is nothing to bump.")
    append("GITHUB_OUTPUT", f"followed={json.dumps(followed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
