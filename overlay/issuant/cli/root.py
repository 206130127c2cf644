"""The command's tree and its one way out: every error of ours becomes a paragraph (or JSON) and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import click

from issuant.cli.issue import issue
from issuant.cli.mock import mock
from issuant.cli.output import USAGE, exit_code, print_error, wants_json
from issuant.cli.providers import providers
from issuant.cli.secret import secret
from issuant.errors import IssuantError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("issuant"), prog_name="issuant")
def root() -> None:
    """Issue API keys at many vendors.

    Credentials come from each provider's environment variables; `issuant providers` lists them.

    \b
    Exit codes:
      0  done (a request that awaits approval is done, too)
      1  refused, or nothing was sent
      2  the call is wrong
      4  unknown outcome: look at the provider before you repeat it
      5  something was created, and its reply or its sink failed
    """


root.add_command(issue)
root.add_command(mock)
root.add_command(providers)
root.add_command(secret)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit code."""
    try:
        code = root.main(arguments, prog_name="issuant", standalone_mode=False)
    except IssuantError as error:
        print_error(error, as_json=wants_json(arguments))
        return exit_code(error)
    except click.ClickException as error:
        error.show()
        return USAGE if isinstance(error, click.UsageError) else error.exit_code
    except click.Abort as stop:
        told = getattr(stop.__cause__, "outcome", None)
        if isinstance(told, IssuantError):
            print_error(told, as_json=wants_json(arguments))
            return exit_code(told)
        click.echo("Stopped before anything was sent.", err=True)
        return 130
    return code if isinstance(code, int) else 0
