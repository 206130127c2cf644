"""The command's tree and its one way out: every error of ours becomes a paragraph (or JSON) and an exit code.

A command is imported when it is run; the help of all of them is in the tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from issuant.cli.output import (
    INTERRUPTED,
    REFUSED,
    UNREAD,
    USAGE,
    UnprintedError,
    emit,
    exit_code,
    print_error,
    wants_json,
)
from issuant.errors import Effect, IssuantError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "approvals": ("approvals", "List the requests that wait for approval, or follow one."),
    "doctor": ("doctor", "Tell whether the credentials work, and for what."),
    "issue": ("issue", "Issue a key."),
    "key": ("keys", "Show one key."),
    "keys": ("keys", "List keys."),
    "mock": ("mock", "Serve a simulator of every provider."),
    "pairing-token": ("pairing_token", "Issue the token that pairs a co-signer."),
    "providers": ("providers", "List the providers and what each can do."),
    "revoke": ("revoke", "Revoke a key."),
    "secret": ("secret", "Store, list and delete secrets at a provider."),
    "users": ("users", "List whom keys can be issued for."),
    "whoami": ("whoami", "Tell whom a credential speaks for."),
}
"""Each command with the module that holds it, and a line on it: to ask the commands would import them all."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"issuant.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="issuant", prog_name="issuant")
def root() -> None:
    """Issue, list, inspect and revoke API keys at many vendors.

    Credentials come from each provider's environment variables; `issuant providers` lists them, and `issuant doctor`
    tries them.

    \b
    Exit codes:
      0    done
      1    refused or not sent: nothing was changed; or a list is not complete
      2    the call is wrong
      3    people have to approve it first
      4    unknown outcome: look at the provider before you repeat it
      5    it was done, and its reply, its sink or standard output failed
      130  interrupted
      141  whoever read standard output has gone
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit code."""
    as_json = wants_json(arguments)
    try:
        code = root.main(arguments, prog_name="issuant", standalone_mode=False)
    except IssuantError as error:
        print_error(error, as_json=as_json)
        return exit_code(error)
    except click.ClickException as error:
        error.show()
        return USAGE if isinstance(error, click.UsageError) else error.exit_code
    except click.Abort as stop:
        return _stopped(stop.__cause__, as_json=as_json)
    except UnprintedError as error:
        return _unprinted(error.reason, is_unread=error.is_unread)
    except OSError as error:  # of help, which click prints
        return _unprinted(error.strerror or type(error).__name__, is_unread=False)
    return code if isinstance(code, int) else 0


def _stopped(cause: BaseException | None, *, as_json: bool) -> int:
    """Tell what an interruption left behind."""
    told = getattr(cause, "outcome", None)
    if isinstance(told, IssuantError) and told.effect is not Effect.NONE:
        print_error(told, as_json=as_json)
        return exit_code(told)
    emit("issuant: stopped." if told is None else "issuant: stopped; nothing was changed.", err=True)
    return INTERRUPTED


def _unprinted(reason: str, *, is_unread: bool) -> int:
    """Tell that standard output failed while something was read; `head` and the like mean to have enough."""
    if is_unread:
        return UNREAD
    emit(
        f"issuant: standard output does not take what is printed: {reason}. Nothing was changed; mend it, or print "
        "elsewhere, and repeat the command.",
        err=True,
    )
    return REFUSED
