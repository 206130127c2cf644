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
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import masked as _masked
from ..types import names_only as _names_only

T = TypeVar("T", bound="IssueApiUserPairingTokenResponse")


@_attrs_define
class IssueApiUserPairingTokenResponse:
    """An API user and the token by which its device is paired.

    Attributes:
        id (str): The user's id, which is its API key.
        role (UserRole): What a user may do in the workspace.
        enabled (bool): Whether the user is enabled.
        pairing_token (str): What a co-signer pairs with the user. It is valid for one hour.
        name (str | Unset): The name that was asked for.
        user_type (UserType | Unset): Whether a user is a program or a person.
        status (UserStatus | Unset): How far a user has been set up.
    """

    id: str
    role: UserRole
    enabled: bool
    pairing_token: str = _attrs_field(repr=_masked)
    name: str | Unset = UNSET
    user_type: UserType | Unset = UNSET
    status: UserStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "id": self.id,
                "role": self.role,
                "enabled": self.enabled,
                "pairingToken": self.pairing_token,
                "name": self.name,
                "userType": self.user_type,
                "status": self.status,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            id=d.pop("id"),
            name=_given(d.pop("name", UNSET)),
            role=_required(d.pop("role"), UserRole),
            enabled=d.pop("enabled"),
            user_type=_optional(d.pop("userType", UNSET), UserType),
            status=_optional(d.pop("status", UNSET), UserStatus),
            pairing_token=d.pop("pairingToken"),
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
