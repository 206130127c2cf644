from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.quorum_approval_state import QuorumApprovalState
from ..reading import given as _given
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="QuorumUser")


@_attrs_define
class QuorumUser:
    """Someone who may approve a request.

    Attributes:
        index (int): The place of this user in the list, which `members` refers to.
        user_id (str): The user's id.
        status (QuorumApprovalState): Whether enough have approved.
        is_mandatory_owner (bool | Unset): Whether this is the owner, without whom the request is not approved.
    """

    index: int
    user_id: str
    status: QuorumApprovalState
    is_mandatory_owner: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "index": self.index,
                "userId": self.user_id,
                "status": self.status,
                "isMandatoryOwner": self.is_mandatory_owner,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            index=d.pop("index"),
            user_id=d.pop("userId"),
            status=_required(d.pop("status"), QuorumApprovalState),
            is_mandatory_owner=_given(d.pop("isMandatoryOwner", UNSET)),
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
