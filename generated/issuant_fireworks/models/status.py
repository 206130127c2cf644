from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import listed as _listed
from ..reading import optional as _optional
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.status_details_item import StatusDetailsItem


T = TypeVar("T", bound="Status")


@_attrs_define
class Status:
    """google.rpc.Status, the error body of a grpc-gateway.

    Attributes:
        code (int): A google.rpc.Code, such as 16 for unauthenticated.
        message (str):
        details (list[StatusDetailsItem] | Unset):
    """

    code: int
    message: str
    details: list[StatusDetailsItem] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "code": self.code,
                "message": self.message,
                "details": self.details,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.status_details_item import StatusDetailsItem

        d = _fields_of(src_dict)
        made = cls(
            code=d.pop("code"),
            message=d.pop("message"),
            details=_optional(d.pop("details", UNSET), lambda value: _listed(value, StatusDetailsItem.from_dict)),
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
