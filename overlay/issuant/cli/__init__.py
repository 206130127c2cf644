"""The `issuant` command. Needs the extra `cli`, and says so where it is missing."""

from __future__ import annotations

import importlib.util
import sys


def main() -> None:
    """Run the command and exit with its code; `issuant.cli.output` lists the codes."""
    if importlib.util.find_spec("click") is None:
        sys.exit("issuant: the command needs click, which is not installed. Install issuant[cli].")
    from issuant.cli.signals import code_of, unwinding

    try:
        with unwinding():
            from issuant.cli.output import settle_output
            from issuant.cli.root import run

            code = run()
            settle_output()
    except KeyboardInterrupt as stop:  # while it is being imported, or a second one
        code = code_of(stop)
    sys.exit(code)
