from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gateway_user_role import GatewayUserRole
from ..models.gateway_user_state import GatewayUserState
from ..reading import given as _given
from ..reading import optional as _optional
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="GatewayUser")


@_attrs_define
class GatewayUser:
    """A user or a service account.

    Attributes:
        name (str): The full resource name, accounts/<account>/users/<id>.
        role (GatewayUserRole): What a user may do. There is a fifth role, custom, which needs a permission preset.
        display_name (str | Unset): A name for people.
        service_account (bool | Unset): Whether it is a service account.
        create_time (datetime.datetime | Unset): When the user was made.
        email (str | Unset): The address of the user.
        state (GatewayUserState | Unset): What is being done to a user.
        update_time (datetime.datetime | Unset): When the user was last changed.
    """

    name: str
    role: GatewayUserRole
    display_name: str | Unset = UNSET
    service_account: bool | Unset = UNSET
    create_time: datetime.datetime | Unset = UNSET
    email: str | Unset = UNSET
    state: GatewayUserState | Unset = UNSET
    update_time: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "name": self.name,
                "role": self.role,
                "displayName": self.display_name,
                "serviceAccount": self.service_account,
                "createTime": self.create_time,
                "email": self.email,
                "state": self.state,
                "updateTime": self.update_time,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            name=d.pop("name"),
            display_name=_given(d.pop("displayName", UNSET)),
            service_account=_given(d.pop("serviceAccount", UNSET)),
            create_time=_optional(d.pop("createTime", UNSET), datetime.datetime.fromisoformat),
            role=_required(d.pop("role"), GatewayUserRole),
            email=_given(d.pop("email", UNSET)),
            state=_optional(d.pop("state", UNSET), GatewayUserState),
            update_time=_optional(d.pop("updateTime", UNSET), datetime.datetime.fromisoformat),
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
