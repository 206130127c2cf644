from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.quorum_approval_state import QuorumApprovalState
from ..models.quorum_type import QuorumType
from ..reading import given as _given
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="Quorum")


@_attrs_define
class Quorum:
    """How many must approve, and how many have. Its `status` decides, not the numbers.

    Attributes:
        type_ (QuorumType): Whether one number says it all, or there are rules of several tiers.
        status (QuorumApprovalState): Whether enough have approved.
        threshold (int | Unset): How many must approve, where the type is SIMPLE.
        current_approval_count (int | Unset): How many have approved, where the type is SIMPLE.
        is_mandatory_owner_approved (bool | Unset): Whether the owner has approved, where the owner must.
        members (list[int] | Unset): The users that may approve, by their index.
    """

    type_: QuorumType
    status: QuorumApprovalState
    threshold: int | Unset = UNSET
    current_approval_count: int | Unset = UNSET
    is_mandatory_owner_approved: bool | Unset = UNSET
    members: list[int] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "type": self.type_,
                "status": self.status,
                "threshold": self.threshold,
                "currentApprovalCount": self.current_approval_count,
                "isMandatoryOwnerApproved": self.is_mandatory_owner_approved,
                "members": self.members,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            type_=_required(d.pop("type"), QuorumType),
            status=_required(d.pop("status"), QuorumApprovalState),
            threshold=_given(d.pop("threshold", UNSET)),
            current_approval_count=_given(d.pop("currentApprovalCount", UNSET)),
            is_mandatory_owner_approved=_given(d.pop("isMandatoryOwnerApproved", UNSET)),
            members=_given(d.pop("members", UNSET)),
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
