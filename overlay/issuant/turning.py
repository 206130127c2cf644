"""What a provider brings so that its keys can be rotated. Owns the shape of it; each provider's package holds its own.

Three classes of provider: at some the vendor makes the value, at some the caller may bring it, at some the caller makes
a key pair and sends a certificate request. What is brought or made here is known before anything is sent, and can be
sealed first; a value that the vendor makes is lost with the reply.
"""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from issuant.keys import KeyRequest
from issuant.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime

    from issuant.adapters import Account, Adapter
    from issuant.errors import IssuantError
    from issuant.flow import Flow
    from issuant.inventory import KeyInfo

VALUE = "value"
"""Under which name the value of a key stands among the parts of a draft."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request for a key, ready to be sent once.

    Attributes:
        request: the request.
        parts: what of it has to be sealed before it is sent, by name; VALUE is the value of the key. Empty where the
            vendor makes the value.
        idempotency_key: what the create carries, where it carries one.
    """

    request: KeyRequest
    parts: Mapping[str, Secret] = field(default_factory=dict)
    idempotency_key: str | None = None


class Turning(ABC):
    """How the keys of one provider are rotated.

    What stands here is right where the vendor makes the value, keys have no owners, and nobody has to approve them.

    Attributes:
        longest_name: how many characters the name of a key may have.
        ways: in how many ways a key can be asked for; where the first is refused, the next is tried.
        tells_last_use: whether a key that is listed tells when it was last used.
    """

    longest_name: ClassVar[int]
    ways: ClassVar[int] = 1
    tells_last_use: ClassVar[bool] = False

    @abstractmethod
    def like(self, key: KeyInfo) -> dict[str, Any]:
        """Return the fields of a request for another key like that one, as far as the list tells."""

    @abstractmethod
    def successor(self, account: Account, *, id: str, value: Secret, owner: str | None) -> Account:  # noqa: A002
        """Return the account that acts with a new key, and is like `account` in all else."""

    @abstractmethod
    def probe(self, adapter: Adapter, *, owner: str | None) -> Flow[object]:
        """Ask for something that shows whether the credential is accepted. An explained 403 shows it as well."""

    def unused_id(self) -> str:
        """Return an id that no key has, and that is written as ids are."""
        return str(uuid.uuid4())

    def fits(self, key: KeyInfo, value: Secret) -> bool:
        """Tell whether a value may be that of a key, by the part of it that the list shows."""
        return shows(key.hint, value)

    def draft(self, request: KeyRequest, *, way: int) -> Draft:
        """Return what is sent to ask for a key. It may take seconds: a key pair is made. Raises IssuantError."""
        return Draft(request=request)

    def again(self, request: KeyRequest, parts: Mapping[str, Secret], idempotency_key: str | None) -> KeyRequest:
        """Return the request that was sent, from what was sealed. Only asked where it had an idempotency key."""
        return request

    def is_refused_way(self, error: IssuantError) -> bool:
        """Tell whether a refusal is one of the way, so that the next way may be taken."""
        return False

    def owner(self, account: Account, request: KeyRequest) -> str | None:
        """Return the id of the user whose key it is, where the provider has owners and needs them named."""
        return None

    def scope(self, adapter: Adapter, account: Account, request: KeyRequest) -> Flow[str]:
        """Return what an id or a name of a key is only good within: an account, or the user who acts.

        Empty where nothing tells that; a list that shows no key which is known is then all that is to be seen.
        """
        return ""
        yield

    def traces(self, adapter: Adapter, *, name: str, since: datetime) -> Flow[str]:
        """Tell in sentences what of a request sent `since` there may be; empty where there is certainly nothing.

        Only asked where people approve keys.
        """
        return ""
        yield


def shows(hint: str | None, value: Secret) -> bool:
    """Tell whether a value begins and ends as a hint of it does; what is left out stands as dots or stars."""
    if not hint:
        return True
    parts = re.split(r"[.*•…]+", hint)
    return value.reveal().startswith(parts[0]) and value.reveal().endswith(parts[-1] if len(parts) > 1 else "")


def lifetime_of(key: KeyInfo) -> timedelta | None:
    """Return how long a key was to live; None for ever, or where the list does not tell."""
    if key.expires_at is None or key.created_at is None or key.expires_at <= key.created_at:
        return None
    return key.expires_at - key.created_at
