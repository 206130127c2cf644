"""The library's errors in the words of the command: its options, arguments and commands for Python's names.

Owns what stands for what. Options go by the parameters of the command that ran, which are made of the providers' own
descriptions. What a provider says is left as it is: fields are renamed in errors about how the command was called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import click

from issuant.errors import IssuantError, UsageError

_COMMANDS = {
    "approval": ("approvals", "REQUEST_ID"),
    "approvals": ("approvals", ""),
    "create_user": ("user create", "ID"),
    "delete_secret": ("secret delete", "ID"),
    "find": ("keys", "--name NAME"),
    "issue": ("issue", ""),
    "key": ("key", "ID"),
    "keys": ("keys", ""),
    "pairing_token": ("pairing-token", "USER"),
    "put_secret": ("secret put", "ID"),
    "revoke": ("revoke", "ID"),
    "secret": ("secret get", "ID"),
    "secrets": ("secret list", ""),
    "user": ("user get", "ID"),
    "users": ("users", ""),
    "whitelisted_ips": ("addresses", "USER"),
}
_PHRASES = {
    " and issuant.capabilities() tell": " tells",
    "connect(verify=PATH), ": "",
    "as connect(proxy=…) or in HTTPS_PROXY": "in HTTPS_PROXY",
    "force=True": "--force",
    "replace=True": "--replace",
    "replace=False": "--no-replace",
    "The certificate request is on this error as `csr_pem`": "Keep the certificate request",
    "The private key and the certificate request are on this error as `private_key` and `csr_pem`": (
        "Keep the private key and the certificate request"
    ),
    " in its `fields`": "",
    "`fields` has it": "the Python interface has it in `fields`",
}
_ALIASES = {
    "expires_in": "expires",
    "expires_at": "expires",
    "expiry": "expires",
    "user_id": "owner",
    "request": "request_id",
    "sink": "to",
}
_ELSEWHERE = {"value": "VALUE on standard input"}  # what is given by no parameter
_IN_VARIABLES = {"owner": "user_id", "private_key": "secret_key"}  # what variables call otherwise
_CARRIED = re.compile(r"The value is on this error as `secret`: \w+ it(?: elsewhere)?(?=,)")
_CALL = re.compile(r"`?\b(?:issuant\.)?([a-z_]+)\(\)`?")
_KEYWORD = re.compile(r"\b([a-z_]+)=(?=[,. ])")
_THEIRS = "; it says: "
_QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)")
_GAP = "\0"  # for what is quoted, while all else is reworded
_BOTH = re.compile(r"\bboth (?:an? )?([a-z_]+) and (?:an? )?([a-z_]+) are given")
_OR_SET = re.compile(r"\bGive ([a-z_]+), or set ")
_TOLD = re.compile(r"^[a-z_]+(?=: | is )|(?<=\bGive )[a-z_]+(?=[,.])")
_LEFT_OUT = re.compile(r"^Leave ((?:the )?([a-z_]+)) out\.")


def flags_of(command: click.Command) -> dict[str, str]:
    """Return how a command's parameters are given, by their names."""
    return {
        parameter.name: next((one for one in parameter.opts if one.startswith("--")), parameter.human_readable_name)
        for parameter in command.params
        if parameter.name is not None
    }


def operation_in_words(name: str) -> str:
    """Return the words of the command that does an operation of the library."""
    return _COMMANDS.get(name, (name, ""))[0]


def reword(error: IssuantError, flags: Mapping[str, str], variables: Collection[str] = ()) -> None:
    """Put reason and advice of `error` in the words of the command whose parameters are given as `flags`.

    What it has no parameter for goes by that of the provider's `variables` which it comes from.
    """
    error.reason = _worded(error.reason, error, flags, variables)
    error.advice = _worded(error.advice, error, flags, variables)


def _worded(text: str, error: IssuantError, flags: Mapping[str, str], variables: Collection[str]) -> str:
    """Return a text reworded, but for what a provider says in it, and what it quotes of the caller's."""
    ours, marker, theirs = text.partition(_THEIRS)
    quoted = _QUOTED.findall(ours)
    words = _reworded(_QUOTED.sub(_GAP, ours), error, flags, variables)
    for each in quoted:
        words = words.replace(_GAP, each, 1)
    return words + marker + theirs


def _reworded(text: str, error: IssuantError, flags: Mapping[str, str], variables: Collection[str]) -> str:
    def flag(name: str, otherwise: str) -> str:
        return flags.get(name) or flags.get(_ALIASES.get(name, ""), otherwise)

    def told(found: re.Match[str]) -> str:
        wanted = _IN_VARIABLES.get(found[0], found[0]).upper()
        variable = next((each for each in variables if each.partition("_")[2] == wanted), None)
        return flag(found[0], variable or _ELSEWHERE.get(found[0], found[0]))

    def call(found: re.Match[str]) -> str:
        if found[1] not in _COMMANDS:
            return found[0]
        words, more = _COMMANDS[found[1]]
        return f"`{' '.join(filter(None, ('issuant', words, error.provider or 'PROVIDER', more)))}`"

    for phrase, words in _PHRASES.items():
        text = text.replace(phrase, words)
    text = _CALL.sub(call, _CARRIED.sub("Keep the value", text))
    text = _KEYWORD.sub(lambda found: flag(found[1], found[0]), text)
    if not isinstance(error, UsageError):
        return text
    text = _BOTH.sub(lambda found: f"both {flag(found[1], found[1])} and {flag(found[2], found[2])} are given", text)
    text = _OR_SET.sub(lambda found: found[0] if flag(found[1], "") else "Set ", text)
    text = _LEFT_OUT.sub(lambda found: f"Leave {flag(found[2], found[1])} out.", text)
    return _TOLD.sub(told, text)
