"""What changed on the wire between two versions of a document, and whom it breaks. Owns the value that the report is
made of. Refuses nothing of a document that is sound.

The way: operations are paired (`operations`), their messages, security and servers compared (`messages`, `access`).
Schemas are put together from their parts (`shapes`, `spelling`) and followed in pairs (`walk`, `fields`). What differs
is collected once, with every place that it reaches, and then judged (`judging`, with `bounds` for keywords).

Facts
- Each direction is judged for itself: a component that is sent and read is two changes.
- Words change nothing (`spelling.WORDING`, `x-…`): they are counted. A component that is renamed, or written in place,
  is no change, nor are `oneOf` and `anyOf`, or a base and what is written out.
"""

from dataclasses import dataclass
from typing import Any

from .. import select
from ..document import Document, components, schema_name
from . import access, wording
from .judging import Direction, Judgement, Kind, judge
from .keywords import Found, found
from .messages import Messages
from .operations import Operation, paired
from .walk import Findings, Use, Walk

__all__ = ["Direction", "Kind", "Use", "WireChange", "WireDiff", "compare"]


@dataclass(frozen=True, kw_only=True)
class WireChange:
    """One change, and every place that it reaches."""

    kind: Kind
    direction: Direction
    """Empty where it is about an operation as such, or the document."""
    what: str
    """A part of a sentence for people, such as `is required now`."""
    breaks: bool
    """Whether a caller of the old version breaks."""
    why: str
    """Who breaks; empty where nobody does."""
    schema: str
    """The component that it stands in; empty for none."""
    uses: tuple[Use, ...]
    """The places, in the order of the new document; at least one."""


@dataclass(frozen=True, kw_only=True)
class WireDiff:
    """The changes in the order of the new document, and the number of edits that change nothing on the wire."""

    changes: tuple[WireChange, ...]
    wording: int


def compare(old: Document, new: Document) -> WireDiff:
    """What changed on the wire."""
    old, new = _with_mappings(old), _with_mappings(new)
    findings = Findings()
    pairs = paired(old, new)
    access.compare(old, new, pairs, findings)
    walk = Walk(old, new, findings)
    for was, now in pairs:
        if was is not None and now is not None:
            _operation(was, now, findings)
            Messages((old, new), (was, now), findings, walk).compare()
        elif now is not None:
            _note(findings, "operation added", now, now)
        elif was is not None:
            _note(findings, "operation removed", was, was)
    changes = tuple(_change(item, judge(item.finding), findings.uses[key]) for key, item in findings.found.items())
    return WireDiff(changes=changes, wording=wording.count(old, new))


def _with_mappings(document: Document) -> Document:
    """The document with the mappings that its discriminators imply: heirs are known by their own names."""
    schemas = dict(components(document, "schemas"))
    for name, refs in select.heirs(document).items():
        tags = schemas[name].get("discriminator") if isinstance(schemas.get(name), dict) else None
        if isinstance(tags, dict) and "mapping" not in tags:
            mapping = {schema_name(ref): ref for ref in refs}
            schemas[name] = {**schemas[name], "discriminator": {**tags, "mapping": mapping}}
    return {**document, "components": {**document.get("components", {}), "schemas": schemas}}


def _note(findings: Findings, event: str, old: Operation, new: Operation, /, **about: Any) -> None:
    use = Use(operation=new.name, place=new.prefix.strip(), field="")
    findings.add(found(event, "", old.spot.at, new.spot.at, **about), use)


def _operation(old: Operation, new: Operation, findings: Findings) -> None:
    names = [side.spot.node.get("operationId") for side in (old, new)]
    if None not in names and names[0] != names[1]:
        _note(findings, "name changed", old, new, old=names[0], new=names[1])
    ends = [bool(side.spot.node.get("deprecated")) for side in (old, new)]
    if ends[0] != ends[1]:
        _note(findings, "deprecated" if ends[1] else "restored", old, new)


def _change(item: Found, judgement: Judgement, uses: list[Use]) -> WireChange:
    return WireChange(
        kind=judgement.kind,
        direction=item.finding.direction,
        what=judgement.what,
        breaks=bool(judgement.why),
        why=judgement.why,
        schema=item.finding.schema,
        uses=tuple(uses),
    )
