from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.approval_request_item_user_status import ApprovalRequestItemUserStatus
from ..reading import given as _given
from ..reading import one_of as _one_of
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.quorum_status import QuorumStatus


T = TypeVar("T", bound="ApprovalRequestItem")


@_attrs_define
class ApprovalRequestItem:
    """A request that waits, or waited, for approval.

    Attributes:
        request_payload (str): The request as a JSON text, {requestId, requestType, requestTimestamp in milliseconds,
            expiresAt in seconds, requestData}. Whoever approves signs exactly this text.
        user_status (ApprovalRequestItemUserStatus): What the request is to whoever asks.
        request_signature (str | Unset): A signature over the text; empty for the time being.
        quorum_status (None | QuorumStatus | Unset):
    """

    request_payload: str
    user_status: ApprovalRequestItemUserStatus
    request_signature: str | Unset = UNSET
    quorum_status: None | QuorumStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "requestPayload": self.request_payload,
                "userStatus": self.user_status,
                "requestSignature": self.request_signature,
                "quorumStatus": self.quorum_status,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quorum_status import QuorumStatus

        d = _fields_of(src_dict)
        made = cls(
            request_payload=d.pop("requestPayload"),
            request_signature=_given(d.pop("requestSignature", UNSET)),
            user_status=_required(d.pop("userStatus"), ApprovalRequestItemUserStatus),
            quorum_status=_one_of(d.pop("quorumStatus", UNSET), QuorumStatus.from_dict),
        )
        made.additional_properties = d
        return made

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
