"""The page of the command, in the words of its own help. Owns the order of the commands, and leaving out the words of
vendors; runs none of them.

Facts
- What a vendor lets one choose from, such as roles, comes with its document: with the words on the page, a new version
  of that document would make the page stale.
"""

import copy
from collections.abc import Collection, Iterator

import click

from .links import anchor

PAGE = "command.md"
CHOICE = "CHOICE"
_WIDTH = 100

Choices = Collection[tuple[str, ...]]


def command_page(root: click.Command, name: str, *, vendors: Choices = ()) -> str:
    """Return the page: the help of the command `name` and of every command below it.

    An option that takes one of the choices in `vendors` says CHOICE in their place.
    """
    lines = ["<!-- Made by `make docs` from the command's help. -->", "", f"# The command {name}", ""]
    for words, help_text in _helps(root, name, None, vendors):
        lines += [f"## {words}", "", "```text", help_text, "```", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def command_places(root: click.Command, name: str) -> dict[str, str]:
    """Return where each command stands, by its words."""
    return {words: f"{PAGE}#{anchor(words)}" for words, _ in _helps(root, name, None, ())}


def _helps(
    command: click.Command, name: str, parent: click.Context | None, vendors: Choices
) -> Iterator[tuple[str, str]]:
    shown = copy.copy(command)
    shown.params = [_without_words(parameter, vendors) for parameter in command.params]
    with click.Context(
        shown, info_name=name, parent=parent, terminal_width=_WIDTH, **command.context_settings
    ) as context:
        yield context.command_path, shown.get_help(context)
        if isinstance(shown, click.Group):
            for below in shown.list_commands(context):
                found = shown.get_command(context, below)
                if found is not None:
                    yield from _helps(found, below, context, vendors)


def _without_words(parameter: click.Parameter, vendors: Choices) -> click.Parameter:
    if not isinstance(parameter.type, click.Choice) or tuple(parameter.type.choices) not in vendors:
        return parameter
    shown = copy.copy(parameter)
    shown.metavar = CHOICE
    return shown
