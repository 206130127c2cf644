"""What came back. Owns reading a reply without trusting it, and turning a refusal into an error of ours.

Nothing that a reply holds stays in a plain local of a frame that raises: bodies stay inside Reply,
fields inside VendorFields, and values inside Secret.
"""

from __future__ import annotations

import email.utils
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from issuant import errors
from issuant.advice import NOT_THEIRS, TELL_THEM, after_doubt, fitting, meaning, on_what_came
from issuant.errors import Effect, IssuantError, UnusableReplyError
from issuant.keys import VendorFields
from issuant.redaction import SHORTEST_TRACED, Redactor, forms
from issuant.salvage import Field, salvage
from issuant.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx

T = TypeVar("T")

_LONGEST_ID = 200
_PART = 206
_FARTHEST = timedelta(days=366)
_WHOLE = timedelta(seconds=1)  # what a Date header tells the time to
_ENDS = (".", "!", "?", "…")  # of a sentence: a vendor's words may have one, or be cut off


class Reply:
    """A reply as it came, with what is needed to read it safely. It shows its status and nothing else.

    `reads`, `repeats`, `id_field` and `value_field` are what the call was. `broke_off` says that its body is not all
    that was sent, `attempts` how often the call went out, and `is_doubtful` that an attempt before the last had no
    reply and may have taken effect.
    """

    __slots__ = (
        "_content",
        "_response",
        "attempts",
        "broke_off",
        "id_field",
        "is_doubtful",
        "operation",
        "provider",
        "reads",
        "redactor",
        "repeats",
        "request_id",
        "status",
        "value_field",
    )

    def __init__(
        self,
        response: httpx.Response,
        content: bytes,
        *,
        provider: str,
        operation: str,
        redactor: Redactor,
        reads: bool = False,
        repeats: bool = False,
        broke_off: bool = False,
        id_field: Field | None = None,
        value_field: Field | None = None,
    ) -> None:
        self._response = response
        self._content = content
        self.provider = provider
        self.operation = operation
        self.redactor = redactor
        self.reads = reads
        self.repeats = reads or repeats
        self.broke_off = broke_off
        self.id_field = id_field
        self.value_field = value_field
        self.attempts = 1
        self.is_doubtful = False
        self.status = response.status_code
        self.request_id = redactor.request_id(response.headers.get("x-request-id"))

    def __repr__(self) -> str:
        return f"Reply({self.status})"

    @property
    def succeeded(self) -> bool:
        """Whether the status is of the 2xx kind; a part of what was to be read (206) is not it."""
        return 200 <= self.status <= 299 and not (self.reads and self.status == _PART)

    @property
    def is_empty(self) -> bool:
        """Whether the body has nothing but white space."""
        return not self._content.strip()

    def fields(self) -> VendorFields | None:
        """Return the JSON object in the body, None where the body is anything else."""
        try:
            value = json.loads(self._content)
        except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
            return None
        return VendorFields(value) if isinstance(value, dict) else None

    def salvage(self, field: Field, *, numbers: bool = True) -> str | None:
        """Return the text, or with `numbers` the number, in a field, even of a body that is cut off.

        A reply that cannot be used may still tell which key has been made.
        """
        return salvage(self.fields(), self._content, field, numbers=numbers)

    def issued(self, value: object) -> Secret | None:
        """Return a value that this reply issues as a Secret, None where it is not usable; what repeats it is masked."""
        secret = usable_secret(value)
        if secret is not None:
            self.redactor = self.redactor.guarding(secret)
            if self.request_id is not None:
                self.request_id = self.redactor.request_id(self.request_id)
        return secret

    def retry_after(self, now: datetime) -> float | None:
        """Return the seconds that Retry-After asks to wait, as a number or a date (RFC 9110, 10.2.3)."""
        value = self._response.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit() and len(value) <= 9:
            return float(value)
        until = skew_of(value, now)
        return None if until is None else max(0.0, until.total_seconds())

    def clock_skew(self, now: datetime) -> timedelta | None:
        """Return how far the provider's clock is ahead of this machine's; None where the reply does not tell."""
        return skew_of(self._response.headers.get("date"), now)

    def moment(self, now: datetime) -> datetime:
        """Return when the provider answered, by its own clock.

        `now` where that is the same second, is not told, or is more than a year off: that is no clock.
        """
        told = _moment_of(self._response.headers.get("date"))
        if told is None or abs(now - told) > _FARTHEST or timedelta() <= now - told < _WHOLE:
            return now
        return told


def skew_of(date: str | None, now: datetime) -> timedelta | None:
    """Return how far a Date header (RFC 9110, 6.6.1; whole seconds) is ahead of `now`, None where it is no date."""
    moment = _moment_of(date)
    return None if moment is None else moment - now


def _moment_of(date: str | None) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(date or "")
    except (ValueError, OverflowError):  # a year beyond a C int overflows
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def model(parse: Callable[[Mapping[str, object]], T], fields: VendorFields | None) -> T | None:
    """Return `fields` read by the `from_dict` of a generated model, None where they do not fit it."""
    if fields is None:
        return None
    try:
        return parse(fields)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def usable_secret(value: object) -> Secret | None:
    """Return `value` as a Secret where it can be the value of a key: printable text with no blank in it."""
    if isinstance(value, str) and value and value.isprintable() and " " not in value:  # no other blank is printable
        return Secret(value)
    return None


def printable(text: str) -> str:
    """Return a text with a replacement character for each that cannot be printed."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "�" for char in text)


class Reading:
    """Checks the fields of a 2xx reply one by one, as generated parsers let wrong types through.

    Each method returns the value checked, or None and a line in `faults`. `unset` is the generated package's own class
    for what is not there. No text that holds `value`, the key's own value, is let through.
    """

    def __init__(self, unset: type, value: Secret | None) -> None:
        self.faults: list[str] = []
        self._unset = unset
        # The whole value, plain or encoded: a hint holds some of its characters by right.
        self._forms: frozenset[str] = frozenset()
        if value is not None and len(value.reveal()) >= SHORTEST_TRACED:
            self._forms = frozenset(forms(value))

    def identifier(self, value: object, name: str, *, most: int = _LONGEST_ID) -> str | None:
        """Return an id: text, a UUID or an integer as text, printable, of at most `most` characters."""
        if not isinstance(value, str):
            from uuid import UUID  # half of what this module would cost to import

            if isinstance(value, UUID | int) and not isinstance(value, bool):
                value = str(value)
        found = self._text(value, name)
        if found is None or (0 < len(found) <= most and found.isprintable()):
            return found
        self.faults.append(f"{name} is empty, too long or not printable")
        return None

    def text(self, value: object, name: str) -> str | None:
        """Return a text, with a replacement character for what cannot be printed; None where it is absent."""
        found = None if self._absent(value) else self._text(value, name)
        return None if found is None else printable(found)

    def moment(self, value: object, name: str) -> datetime | None:
        """Return an aware time; None where it is absent. One without an offset is read as UTC (unverified)."""
        if self._absent(value):
            return None
        if not isinstance(value, datetime):
            self.faults.append(f"{name} is not a time")
            return None
        return value if value.utcoffset() is not None else value.replace(tzinfo=UTC)

    def day(self, value: object, name: str) -> date | None:
        """Return a day; None where it is absent. Which moment it stands for, the vendor's page says."""
        if self._absent(value):
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.faults.append(f"{name} is not a day")
            return None
        return value

    def texts(self, value: object, name: str) -> dict[str, str]:
        """Return a mapping of texts; empty where it is absent."""
        if self._absent(value):
            return {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.faults.append(f"{name} is not a mapping of texts")
            return {}
        if any(self._repeats(text) for pair in value.items() for text in pair):
            self.faults.append(f"{name} repeats the value of the key")
            return {}
        return dict(value)

    def names(self, fields: VendorFields) -> None:
        """Check the names of the fields, which a program may print, unlike what they hold."""
        if self._repeats("\n".join(fields)):
            self.faults.append("the name of a field repeats the value of the key")

    def _absent(self, value: object) -> bool:
        return value is None or isinstance(value, self._unset)

    def _repeats(self, text: str) -> bool:
        for form in self._forms:  # noqa: SIM110 - a generator would cost more than the search
            if form in text:
                return True
        return False

    def _text(self, value: object, name: str) -> str | None:
        if not isinstance(value, str):
            self.faults.append(f"{name} is not a text")
            return None
        if self._repeats(value):
            self.faults.append(f"{name} repeats the value of the key")
            return None
        return value


def unusable(reply: Reply, faults: Sequence[str]) -> UnusableReplyError:
    """Return the error for a 2xx reply that cannot be used, with the id and the value as far as the body shows them.

    Where they stand, the call says.
    """
    value = reply.issued(reply.salvage(reply.value_field, numbers=False)) if reply.value_field else None
    found = reply.salvage(reply.id_field) if reply.id_field else None
    known = found if found and len(found) <= _LONGEST_ID and not reply.redactor.betrays(found) else None
    if value is not None and known is not None and value.reveal() in known:
        known = None
    what = "; ".join(faults) or ("it breaks off" if reply.broke_off else "it is not as documented")
    is_created = reply.fields() is not None or bool(known or value)
    accepted = "the provider accepted the call, and its reply" if is_created else "the provider's reply"
    error = UnusableReplyError(
        f"{accepted} cannot be used: {what}.",
        advice=on_what_came(reply, known, has_value=value is not None) if is_created else after_doubt(reply),
        provider=reply.provider,
        operation=reply.operation,
        status=reply.status,
        request_id=reply.request_id,
        attempts=reply.attempts,
        id=known,
        secret=value,
    )
    if not is_created:
        error.effect = Effect.UNKNOWN
    return error


def unreadable(reply: Reply, faults: Sequence[str] = ()) -> UnusableReplyError:
    """Return the error for a 2xx reply that cannot be used, where nothing was created by the call."""
    what = "; ".join(faults) or ("it breaks off" if reply.broke_off else "it is not as documented")
    return UnusableReplyError(
        f"the provider's reply cannot be used: {what}.",
        advice=TELL_THEM if reply.broke_off or reply.fields() is not None else NOT_THEIRS,
        provider=reply.provider,
        operation=reply.operation,
        status=reply.status,
        request_id=reply.request_id,
        attempts=reply.attempts,
        effect=Effect.NONE,
    )


def unclear(reply: Reply) -> UnusableReplyError:
    """Return the error for a 2xx reply to a removal that is none of the vendor's: nobody knows its effect."""
    error = unreadable(reply)
    error.effect = Effect.UNKNOWN
    error.advice = after_doubt(reply)
    return error


Explanation: TypeAlias = tuple[str, str | None, tuple[errors.FieldProblem, ...]]
"""A vendor's own error body: its words, its code, and the fields that it names."""

Explain: TypeAlias = "Callable[[Reply], Explanation]"


def refusal(reply: Reply, now: datetime, explain: Explain) -> IssuantError:
    """Return the error for a reply that is not of the 2xx kind.

    `explain` reads the vendor's own error body.
    """
    words, code, problems = explain(reply)
    kind, summary, advice = meaning(reply)
    is_explained = bool(words or code or problems)
    retry_after = reply.retry_after(now)
    effect = Effect.UNKNOWN if reply.is_doubtful else kind.effect
    advice = fitting(advice, reply, retry_after, is_explained=is_explained)
    if effect is Effect.UNKNOWN:
        advice = f"{advice} {after_doubt(reply)}".lstrip()
    reason = f"{summary}; it says: {words}" if words else summary
    error = kind(
        reason if reason.endswith(_ENDS) else f"{reason}.",
        advice=advice,
        provider=reply.provider,
        operation=reply.operation,
        status=reply.status,
        code=code,
        request_id=reply.request_id,
        problems=problems,
        retry_after=retry_after,
        attempts=reply.attempts,
        effect=effect,
    )
    if isinstance(error, errors.RefusedError):
        error.is_explained = is_explained
    return error
