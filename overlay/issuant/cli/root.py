"""The command's tree and its one way out: every error of ours becomes a paragraph (or JSON) and an exit code.

A command is imported when it is run; the help of all of them is in the tree.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from issuant.cli.output import REFUSED, UNREAD, USAGE, UnprintedError, exit_code, print_error, wants_json
from issuant.cli.signals import code_of, told_by
from issuant.cli.wording import flags_of, operation_in_words, reword
from issuant.errors import Effect, IssuantError, UsageError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "addresses": ("addresses", "Show where a user may send from."),
    "adopt": ("adopt", "Look after a key that was made elsewhere."),
    "approvals": ("approvals", "List the requests that wait for approval, or follow one."),
    "doctor": ("doctor", "Tell whether the credentials work, and for what."),
    "due": ("due", "Tell what expires soon, and what is stuck."),
    "forget": ("journal", "Look after a credential no more."),
    "issue": ("issue", "Issue a key."),
    "journal": ("journal", "Show the credentials, and what is open of them."),
    "key": ("keys", "Show one key."),
    "keys": ("keys", "List keys."),
    "mock": ("mock", "Serve a simulator of every provider."),
    "pairing-token": ("pairing_token", "Issue the token that pairs a co-signer."),
    "providers": ("providers", "List the providers and what each can do."),
    "resume": ("resume", "Go on with what is open."),
    "revoke": ("revoke", "Revoke a key."),
    "rotate": ("rotate", "Let a new key take the place of a credential's."),
    "secret": ("secret", "Store, list and delete secrets at a provider."),
    "strays": ("strays", "List the keys of a provider that nothing needs."),
    "user": ("users", "Create or show whom keys can be issued for."),
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
      1    refused or not sent: nothing was changed; a list is not complete; or a rotation has stopped on an error
      2    the call is wrong
      3    people have to do something first, or a time has to pass
      4    unknown outcome: look at the provider before you repeat it
      5    it was done, and its reply, its sink or standard output failed
      6    something is due
      129  its terminal has gone (SIGHUP)
      130  interrupted (Ctrl-C)
      141  whoever read standard output has gone
      143  ended by SIGTERM

    A signal that comes when something was done, or may have been, ends it with 4 or 5, and a value is kept.

    With --json, an error is one line of JSON on standard error. Its `operation` and `field` are the names of the Python
    interface, such as delete_secret for `secret delete`.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = root.main(given, prog_name="issuant", standalone_mode=False)
    except IssuantError as error:
        return _failed(error, given)
    except click.UsageError as error:
        return _misused(error, given)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as stop:
        return _stopped(stop.__cause__, given)
    except UnprintedError as error:
        return _unprinted(error.reason, given, is_unread=error.is_unread)
    except OSError as error:  # of help, which click prints
        return _unprinted(error.strerror or type(error).__name__, given, is_unread=False)
    return code if isinstance(code, int) else 0


def _failed(error: IssuantError, given: Sequence[str]) -> int:
    """Tell an error in the words of the command that ran; as JSON, with the library's names of operation and field."""
    from issuant.providers import find_provider  # help need not wait for what that imports

    as_json = wants_json(given)
    command, provider = _called(given)
    reword(error, flags_of(command), () if provider is None else find_provider(provider).variables)
    if as_json:
        error.provider = error.provider or provider
    elif error.operation is not None:
        error.operation = operation_in_words(error.operation)
    print_error(error, as_json=as_json)
    return exit_code(error)


def _called(given: Sequence[str]) -> tuple[click.Command, str | None]:
    """Return the command that the first words name, and the provider that it is given."""
    from issuant.providers import provider_names

    found: click.Command = root
    rest = list(given)
    while rest and isinstance(found, click.Group):
        below = None
        with contextlib.suppress(IssuantError):  # there is no such provider, which has been said
            below = found.get_command(click.Context(found), rest[0])
        if below is None:
            break
        found = below
        rest.pop(0)
    if found.name in provider_names():
        return found, found.name
    return found, _provider_among(rest, found, provider_names())


def _provider_among(words: Sequence[str], command: click.Command, names: Sequence[str]) -> str | None:
    """Return the word that is a command's argument PROVIDER, where there is one of the `names`."""
    if all(parameter.name != "provider" for parameter in command.params):
        return None
    options = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag]
    followed = {flag for option in options for flag in option.opts}
    before = ""
    for word in words:
        if word in names and before not in followed:
            return word
        before = word
    return None


def _misused(error: click.UsageError, given: Sequence[str]) -> int:
    """Tell what click finds wrong with the line."""
    if wants_json(given):
        named = None if not isinstance(error, click.BadParameter) or error.param is None else error.param.name
        path = "issuant" if error.ctx is None else error.ctx.command_path
        _, provider = _called(given)
        told = UsageError(error.format_message(), advice=f"See `{path} --help`.", provider=provider, field=named)
        print_error(told, as_json=True)
    else:
        error.show()
    return USAGE


def _stopped(cause: BaseException | None, given: Sequence[str]) -> int:
    """Tell what an interruption left behind."""
    told = None if cause is None else told_by(cause)
    if told is not None and told.effect is not Effect.NONE:
        return _failed(told, given)
    stopped = IssuantError("stopped." if told is None else "stopped; nothing was changed.")
    if told is not None and told.stored_in is not None:
        stopped.advice = told.advice  # a value that is good for nothing is in there
    print_error(stopped, as_json=wants_json(given))
    return code_of(cause)


def _unprinted(reason: str, given: Sequence[str], *, is_unread: bool) -> int:
    """Tell that standard output failed while something was read; `head` and the like mean to have enough."""
    if is_unread:
        return UNREAD
    error = IssuantError(
        f"the result could not be written to standard output: {reason}.",
        advice="Nothing was changed; mend it, or print elsewhere, and repeat the command.",
    )
    print_error(error, as_json=wants_json(given))
    return REFUSED
