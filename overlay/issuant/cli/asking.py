"""Asking a person before something is gone for good. It refuses to go on where nobody can be asked."""

from __future__ import annotations

import sys

import click

from issuant.cli.output import emit, is_terminal
from issuant.errors import UsageError


def check_askable(*, provider: str, operation: str, yes: bool) -> None:
    """Raise UsageError where --yes is not given and nobody is there to ask."""
    if not yes and not is_terminal(sys.stdin):
        raise UsageError(
            "nobody can be asked: standard input is no terminal.",
            advice="Nothing was sent. Give --yes to go on without being asked.",
            provider=provider,
            operation=operation,
            field="yes",
        )


def agrees(question: str) -> bool:
    """Ask on the terminal, no being the default, and tell whether the answer is yes."""
    if click.confirm(question, default=False, err=True):
        return True
    emit("issuant: nothing was changed.", err=True)
    return False
