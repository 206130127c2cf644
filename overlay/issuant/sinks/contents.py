"""What all sinks do with a value and with a reason to refuse it. Owns the digest, and the words of a refusal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret, is_unicode


def digest(value: Secret | None) -> str | None:
    """Return what tells a value from any other; None for none and for an empty one."""
    return hashlib.sha256(value.reveal().encode()).hexdigest() if value else None


def check_text(value: Secret | None, description: str) -> None:
    """Raise SinkNotReadyError for a value that has no form in UTF-8."""
    if value is not None and not is_unicode(value.reveal()):
        raise not_ready(
            f"{description} cannot hold the value: it holds half a surrogate pair, which is no UTF-8",
            "Check how it was read.",
        )


def readable(read: Callable[[], Secret | None], description: str) -> Secret | None:
    """Return what `read` reads from a file; None for nothing. Raises SinkNotReadyError where that fails."""
    reason = None
    try:
        return read() or None
    except OSError as cause:
        reason = cause.strerror
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    raise not_ready(f"{description} cannot be read: {reason}", "Mend the file.")


def not_ready(reason: str, advice: str) -> SinkNotReadyError:
    """Return the error for a sink that cannot keep a value; `reason` is a sentence without its full stop."""
    return SinkNotReadyError(f"{reason}.", advice=advice, field="sink")


def nothing_staged(description: str) -> SinkNotReadyError:
    """Return the error for a promotion that has nothing to promote, and had nothing before."""
    return not_ready(f"{description} has no value in its slot, and is as it was", "Stage the value again.")
