"""Whether the places of a credential can take another value. Owns what is refused of them before anything is written:
two that are one, one that another credential has, a new one that holds a value, and one that somebody else has stored
in since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from issuant.custody import checked
from issuant.errors import SinkNotReadyError
from issuant.rotation.placing import Place, open_place, sink_of, tried
from issuant.secret import Secret
from issuant.sinks import open_sink, share_a_place
from issuant.sinks.abilities import ReadsBack
from issuant.sinks.atomic import in_use
from issuant.sinks.contents import not_ready

if TYPE_CHECKING:
    from issuant.rotation.ground import Ground
    from issuant.rotation.records import Credential


def ready_places(ground: Ground, *, kept: Collection[str], besides: Collection[str] = ()) -> dict[str, object]:
    """Return what tells the content of each place from any other, as its `check` does, but for those of `besides`.

    `kept` are places that the credential has had: they hold its present key, or nothing. One that never got a key has
    had none. What else has a value is only written over where `ground` replaces.

    Raises SinkNotReadyError for the first that is not fit, and where none takes the value.
    """
    credential = ground.credential
    places = [open_place(line) for line in credential.sinks]
    if all(place.takes_id for place in places):
        raise not_ready("no sink takes the value", "Name one, such as env:.env#API_KEY.")
    _check_apart(credential, ground.journal.places())
    found = {}
    for place in places:
        if place.line in besides:
            continue
        found[place.line] = checked(place.sink, vacant=False, value=None)
        is_kept = credential.key_id is not None and place.line in kept
        if is_kept and not ground.force:
            _check_untouched(ground, place)
        elif not is_kept and not ground.replace:
            _check_vacant(credential, place)
    return found


def _check_apart(credential: Credential, claimed: Mapping[str, Sequence[str]]) -> None:
    for one, other in combinations(map(sink_of, credential.sinks), 2):
        if share_a_place(one, other):
            names = " and ".join(open_sink(sink).description for sink in (one, other))
            raise not_ready(f"{names} are in each other's way", "Give each a place of its own.")
    for stranger, lines in claimed.items():
        if stranger == credential.name:
            continue
        for sink in map(sink_of, credential.sinks):
            # A command may keep each value somewhere else, by what it is told in its environment or finds in the value.
            if not sink.startswith("exec:") and any(share_a_place(sink, sink_of(line)) for line in lines):
                raise not_ready(
                    f"{open_sink(sink).description} is where {stranger!r} is kept", "Give each a place of its own."
                )


def _content(place: Place) -> Secret | None:
    sink = place.sink
    return tried(sink, sink.read) if isinstance(sink, ReadsBack) else None


def _check_untouched(ground: Ground, place: Place) -> None:
    """Raise SinkNotReadyError where a place holds something that is not of the current key."""
    content = _content(place)
    if content is not None and not _is_of(ground, place, content):
        raise SinkNotReadyError(
            f"{place.sink.description} holds another value than that of the current key: somebody has stored there.",
            advice="Put the current one back, or name another sink; force=True writes over it.",
            field="sink",
        )


def _is_of(ground: Ground, place: Place, content: Secret) -> bool:
    if place.takes_id:
        return content == Secret(ground.credential.key_id or "")
    return ground.journal.fingerprint(content) == ground.credential.fingerprint


def _check_vacant(credential: Credential, place: Place) -> None:
    """Raise SinkNotReadyError where a place holds a value, or may, that is not the id which belongs there."""
    if isinstance(place.sink, ReadsBack):
        content = _content(place)
        if content is not None and not (place.takes_id and content == Secret(credential.key_id or "")):
            raise in_use(place.sink.description, vacant=False)
    else:
        checked(open_sink(sink_of(place.line), replace=False), vacant=False, value=None)
