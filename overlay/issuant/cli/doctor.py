"""`issuant doctor`: which providers are set up, whether their credentials work, and for what.

It changes nothing. Of the environment it shows names, and no value of a variable that holds a credential: where what a
provider says has one in it, the variable's name stands in its place. An API key that is the id of the caller, as a
provider's table of variables says, is no secret, and is shown as `whoami` shows it.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from issuant.cli.connecting import Reach, connecting
from issuant.cli.facts import UNCERTAIN, Facts, of_identity
from issuant.cli.output import REFUSED, emit, json_lines_option, print_facts, print_json, readable
from issuant.cli.waiting import Waiting
from issuant.cli.wording import reword
from issuant.errors import IssuantError, PermissionDeniedError, UsageError
from issuant.providers import Provider, find_provider, provider_names
from issuant.redaction import as_word

if TYPE_CHECKING:
    from issuant.diagnosis import Diagnosis

_OF_CREDENTIALS = ("_KEY", "_PASSWORD", "_SECRET", "_TOKEN")  # how the names of variables end that hold one
_SHORTEST = 6  # characters of a value that is looked for inside of words; a shorter one would be found in many
# How the providers' tables tell of variables that nothing fails without, and of those that stand for each other.
_OPTIONAL = re.compile(r"\((?:optional|needs )")
_ALTERNATIVE = ", where there is no "
_ID = "the id of "
_TOLERATED = timedelta(seconds=5)  # of the clock; a token of Fireblocks lives for 29 seconds


@dataclass(frozen=True, kw_only=True)
class _Finding:
    """What was found out about one provider. `diagnosis` is None where there is no connection, which `error` tells.

    Of the variables that are not set, `missing` are those that are needed, and nothing fails without the `optional`.
    """

    provider: Provider
    given: tuple[str, ...]
    missing: tuple[str, ...]
    optional: tuple[str, ...] = ()
    seconds: float = 0.0
    diagnosis: Diagnosis | None = None
    error: IssuantError | None = None

    @property
    def works(self) -> bool:
        return self.diagnosis is not None and self.diagnosis.works

    @property
    def accepted(self) -> bool:
        return self.diagnosis is not None and self.diagnosis.accepted

    @property
    def failed(self) -> tuple[str, ...]:
        """What failed, and not for want of permission alone."""
        asked = () if self.diagnosis is None else self.diagnosis.abilities
        return tuple(one.operation for one in asked if not isinstance(one.error, PermissionDeniedError | None))

    @property
    def verdict(self) -> str:
        if self.works and self.failed:
            return f"works in part: not for {', '.join(self.failed)}"
        if self.works:
            return "works"
        return (
            "accepted, and may do nothing here: check its role, and the account" if self.accepted else "does not work"
        )


@click.command()
@click.argument("names", metavar="[PROVIDER]...", nargs=-1)
@json_lines_option
@connecting
def doctor(names: tuple[str, ...], *, as_json: bool, reach: Reach) -> int:
    """Tell whether the credentials work, whom they speak for and what they may do.

    Without PROVIDER, it is told of all; those of which no variable is set are not asked. It ends with 0 where every
    credential works: all that was asked is answered, or refused for want of permission. It ends with 1 where one does
    not, works in part, or none is set.

    What needs a change to find out, such as whether keys may be issued, is not tried.
    """
    if len(names) != 1 and (reach.server is not None or reach.base_url is not None):
        raise UsageError(
            f"{'--base-url' if reach.server is None else '--server'} is for one provider.",
            advice=f"Name the one provider that {'--base-url' if reach.server is None else '--server'} is for.",
            operation="doctor",
            field="base_url" if reach.server is None else "server",
        )
    works: list[bool] = []
    for provider in [find_provider(name) for name in dict.fromkeys(names or provider_names())]:
        finding = _find_out(provider, reach, is_named=bool(names))
        if as_json:
            print_json({name: _veiled(value, finding) for name, value in _as_json(finding).items()})
        else:
            _print(finding)
        if finding.given or names:
            works.append(finding.works and not finding.failed)
    return 0 if works and all(works) else REFUSED


def _find_out(provider: Provider, reach: Reach, *, is_named: bool) -> _Finding:
    given = tuple(name for name in provider.variables if os.environ.get(name, "").strip())
    unset = tuple(name for name in provider.variables if name not in given)
    optional = tuple(name for name in unset if _OPTIONAL.search(provider.variables[name]))
    if not given and not is_named:
        missing = tuple(name for name in unset if name not in optional)
        return _Finding(provider=provider, given=given, missing=missing, optional=optional)
    began = time.monotonic()
    diagnosis, failed = None, None
    try:
        with reach.connect(provider.name) as connection, Waiting(provider.name):
            diagnosis = connection.diagnose()
    except IssuantError as error:
        failed = error
    seconds = time.monotonic() - began
    told = [failed, *(each.error for each in (() if diagnosis is None else diagnosis.abilities))]
    for one in filter(None, told):
        reword(one, {}, provider.variables)
    said = " ".join(map(str, filter(None, told)))
    missing = tuple(
        name
        for name in unset
        if re.search(rf"\b{name}\b", said) or (name not in optional and _ALTERNATIVE not in provider.variables[name])
    )
    return _Finding(
        provider=provider,
        given=given,
        missing=missing,
        optional=tuple(name for name in unset if name not in missing),
        seconds=seconds,
        diagnosis=diagnosis,
        error=failed,
    )


def _as_json(finding: _Finding) -> Facts:
    found = finding.diagnosis
    skew = None if found is None else found.clock_skew
    return {
        "provider": finding.provider.name,
        "configured": bool(finding.given),
        "works": finding.works if finding.given else None,
        "accepted": finding.accepted if finding.given else None,
        "failed": list(finding.failed),
        "set": list(finding.given),
        "not_set": list(finding.missing),
        "optional": list(finding.optional),
        "base_url": None if found is None else found.base_url,
        "identity": None if found is None or found.identity is None else of_identity(found.identity),
        "abilities": [
            {
                "operation": one.operation,
                "answer": one.answer.value,
                "error": None if one.error is None else one.error.as_dict(),
            }
            for one in (() if found is None else found.abilities)
        ],
        "clock_skew": None if skew is None else skew.total_seconds(),
        "seconds": round(finding.seconds, 3),
        "error": None if finding.error is None else finding.error.as_dict(),
    }


def _print(finding: _Finding) -> None:
    name, found = finding.provider.name, finding.diagnosis
    if not finding.given and found is None and finding.error is None:
        emit(f"{name}: nothing is configured; {', '.join(finding.missing)} are not set.")
        return
    emit(f"{name}: {finding.verdict}")
    facts: Facts = {"set": ", ".join(finding.given), "not set": ", ".join(finding.missing)}
    facts["optional"] = f"{', '.join(finding.optional)} (not set)" if finding.optional else ""
    if found is not None:
        facts |= {"base URL": found.base_url, "speaks for": _whom(found)}
        facts |= {"may": ", ".join(one.operation for one in found.abilities if one.error is None)}
        facts |= _refusals(found)
        facts |= {"clock": _clock(found), "took": f"{finding.seconds:.2f} s"}
    if finding.error is not None:
        facts["error"] = str(finding.error)
    print_facts({f"  {key}": _veiled(value, finding) for key, value in facts.items()})


def _refusals(found: Diagnosis) -> Facts:
    """Return what was not answered, and why; what several have in common is told of the first."""
    told: Facts = {}
    first: dict[str, str] = {}
    for one in found.abilities:
        if one.error is None:
            continue
        reason = str(one.error).removeprefix(f"{found.provider} {one.operation}: ")
        same = first.setdefault(reason, one.operation)
        told[one.operation] = f"{one.answer.value}: {reason if same == one.operation else f'as {same}'}"
    return told


def _veiled(told: object, finding: _Finding) -> object:
    """Return what is told with the names of variables in the place of credentials that stand in them."""
    if isinstance(told, dict):
        return {name: _veiled(value, finding) for name, value in told.items()}
    if isinstance(told, list):
        return [_veiled(value, finding) for value in told]
    if not isinstance(told, str):
        return told
    for name in finding.given:
        value = os.environ[name].strip()
        if name.endswith(_OF_CREDENTIALS) and not finding.provider.variables[name].startswith(_ID):
            found = re.escape(value) if len(value) >= _SHORTEST else as_word(value)
            told = re.sub(found, f"(the value of {name})", told)
    return told


def _whom(found: Diagnosis) -> str:
    who = found.identity
    if who is None:
        return ""
    described = [who.name, who.email, who.role and f"role {who.role}", who.account and f"of {who.account}"]
    text = ", ".join(readable(part) for part in described if part)
    certainty = "" if who.is_certain else f"; {UNCERTAIN}"
    return f"{who.id}{f' ({text})' if text else ''}{certainty}"


def _clock(found: Diagnosis) -> str:
    skew = found.clock_skew
    if skew is None:
        is_answered = any(one.error is None or one.error.status is not None for one in found.abilities)
        return "the provider does not tell the time" if is_answered else "not known: no reply"
    seconds = round(skew.total_seconds())
    if abs(skew) <= _TOLERATED:
        return f"in step, within {max(1, abs(seconds))} s"
    return (
        f"warning: this machine's is {abs(seconds)} s {'behind' if seconds > 0 else 'ahead'}; "
        "set it, or signatures and tokens may be refused"
    )
