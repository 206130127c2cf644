"""specs/specs.lock: where each vendored file came from and what was made of it. Owns the lock's shape and the rule that
a date is the day of vendoring, kept while the bytes stay. Refuses vendored files that are not the locked ones.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from . import digest
from .faults import LockError
from .table import Provider, Source

LOCK = "specs/specs.lock"


@dataclass(frozen=True, kw_only=True)
class Lock:
    """`sources` by path; `tools` by name; `inputs` and `outputs` are digests, empty before the first generation."""

    sources: dict[str, dict[str, str]]
    tools: dict[str, str]
    inputs: str = ""
    outputs: str = ""

    def text(self) -> str:
        """The lock as it is written."""
        return json.dumps(vars(self), indent=2, ensure_ascii=False) + "\n"


def read_lock(root: Path) -> Lock:
    """The project's lock. Raises LockError when it is missing or is not one."""
    path = root / LOCK
    if not path.is_file():
        raise LockError(f"{LOCK}: there is no lock; run `scripts/specs.py vendor`")
    problem = None
    try:
        found = Lock(**json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError) as error:
        problem = LockError(f"{LOCK}: not a lock: {error}")
    if problem is not None:
        raise problem
    if not isinstance(found.sources, dict) or not all(isinstance(entry, dict) for entry in found.sources.values()):
        raise LockError(f"{LOCK}: not a lock: sources is not an object of objects")
    return found


def vendor(root: Path, providers: Iterable[Provider], *, tools: dict[str, str], today: date) -> Lock:
    """The lock with its sources computed anew from the vendored files.

    An entry whose bytes are the locked ones keeps its date; another gets `today`.
    Raises LockError when a file is missing, PageError when a page cannot be read.
    """
    old = read_lock(root) if (root / LOCK).is_file() else Lock(sources={}, tools=tools)
    sources = {}
    for provider in providers:
        for source in (*provider.pages, *provider.evidence):
            name = provider.path(source)
            entry = _entry(root, name, source, is_page=source in provider.pages)
            known = old.sources.get(name, {})
            same = known.get("sha256") == entry["sha256"] and "date" in known
            sources[name] = {**entry, "date": known["date"] if same else today.isoformat()}
    return replace(old, sources=sources)


def differences(root: Path, providers: Iterable[Provider], lock: Lock) -> list[str]:
    """A sentence for each vendored file that is not the locked one, is missing, or is not in the lock."""
    wanted = {provider.path(source) for provider in providers for source in (*provider.pages, *provider.evidence)}
    found = [f"{name}: in the lock, but not in the table" for name in sorted(set(lock.sources) - wanted)]
    for name in sorted(wanted):
        path = root / name
        if name not in lock.sources:
            found.append(f"{name}: not in the lock; run `scripts/specs.py vendor`")
        elif not path.is_file():
            found.append(f"{name}: missing")
        elif digest.sha256(path.read_bytes()) != lock.sources[name].get("sha256"):
            found.append(f"{name}: its bytes are not those that were vendored (sha256 differs)")
    return found


def false_entries(root: Path, providers: Iterable[Provider], lock: Lock, *, today: date) -> list[str]:
    """A sentence for each fact of the lock that the table and the vendored bytes do not bear out.

    A day cannot be computed again, so it only has to be one, and not after `today`. Files that are not the locked ones
    are left to `differences`. Raises PageError when a page cannot be read.
    """
    found = []
    for provider in providers:
        for source in (*provider.pages, *provider.evidence):
            name = provider.path(source)
            held = lock.sources.get(name, {})
            path = root / name
            if not path.is_file() or digest.sha256(path.read_bytes()) != held.get("sha256"):
                continue
            true = _entry(root, name, source, is_page=source in provider.pages)
            found += [
                f"{LOCK}: {name}: {key} is {held.get(key)!r}, where the table and the file say {true.get(key)!r}"
                for key in sorted((true.keys() | held.keys()) - {"date"})
                if true.get(key) != held.get(key)
            ]
            if not _is_past_day(held.get("date"), today):
                found.append(f"{LOCK}: {name}: date is {held.get('date')!r}, not a day up to {today.isoformat()}")
    return found


def _is_past_day(text: object, today: date) -> bool:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return False
    # Python also reads 20300102 and 2030-W01-3, which `vendor` does not write.
    return day <= today and day.isoformat() == text


def _entry(root: Path, name: str, source: Source, *, is_page: bool) -> dict[str, str]:
    from .extract import extract  # needs PyYAML, which a run with nothing to do does not

    path = root / name
    if not path.is_file():
        raise LockError(f"{name}: missing")
    data = path.read_bytes()
    entry = {"sha256": digest.sha256(data)}
    if source.url is not None:
        entry["url"] = source.url
    if is_page:
        first = extract(data, file=name)[0]
        facts = {"document": first.source, "version": first.version}
        entry |= {key: value for key, value in facts.items() if value is not None}
    return entry
