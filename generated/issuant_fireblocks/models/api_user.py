from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_role import UserRole
from ..models.user_status import UserStatus
from ..models.user_type import UserType
from ..reading import given as _given
from ..reading import optional as _optional
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="APIUser")


@_attrs_define
class APIUser:
    """A user of the API. No field is promised.

    Attributes:
        id (str | Unset): The user's id, which is its API key.
        name (str | Unset): The name that was asked for.
        role (UserRole | Unset): What a user may do in the workspace.
        enabled (bool | Unset): Whether the user is enabled.
        status (UserStatus | Unset): How far a user has been set up.
        user_type (UserType | Unset): Whether a user is a program or a person.
    """

    id: str | Unset = UNSET
    name: str | Unset = UNSET
    role: UserRole | Unset = UNSET
    enabled: bool | Unset = UNSET
    status: UserStatus | Unset = UNSET
    user_type: UserType | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "id": self.id,
                "name": self.name,
                "role": self.role,
                "enabled": self.enabled,
                "status": self.status,
                "userType": self.user_type,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            id=_given(d.pop("id", UNSET)),
            name=_given(d.pop("name", UNSET)),
            role=_optional(d.pop("role", UNSET), UserRole),
            enabled=_given(d.pop("enabled", UNSET)),
            status=_optional(d.pop("status", UNSET), UserStatus),
            user_type=_optional(d.pop("userType", UNSET), UserType),
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
