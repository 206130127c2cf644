from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gateway_user_role import GatewayUserRole
from ..reading import given as _given
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="GatewayUserBody")


@_attrs_define
class GatewayUserBody:
    """What a user shall be. An update leaves alone what is not given.

    Attributes:
        role (GatewayUserRole): What a user may do. There is a fifth role, custom, which needs a permission preset.
        display_name (str | Unset): A name for people.
        service_account (bool | Unset): Whether it is a service account; admins alone can say so.
        email (str | Unset): The address of the user.
    """

    role: GatewayUserRole
    display_name: str | Unset = UNSET
    service_account: bool | Unset = UNSET
    email: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "role": self.role,
                "displayName": self.display_name,
                "serviceAccount": self.service_account,
                "email": self.email,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            display_name=_given(d.pop("displayName", UNSET)),
            service_account=_given(d.pop("serviceAccount", UNSET)),
            role=_required(d.pop("role"), GatewayUserRole),
            email=_given(d.pop("email", UNSET)),
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
