from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import given as _given
from ..reading import listed as _listed
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.approval_request_item import ApprovalRequestItem


T = TypeVar("T", bound="ListApprovalsResponse")


@_attrs_define
class ListApprovalsResponse:
    """A page of the requests that wait for approval.

    Attributes:
        data (list[ApprovalRequestItem]):
        next_ (str | Unset): The `pageCursor` of the next page; empty or left out on the last one.
    """

    data: list[ApprovalRequestItem]
    next_: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "data": self.data,
                "next": self.next_,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.approval_request_item import ApprovalRequestItem

        d = _fields_of(src_dict)
        made = cls(data=_listed(d.pop("data"), ApprovalRequestItem.from_dict), next_=_given(d.pop("next", UNSET)))
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
