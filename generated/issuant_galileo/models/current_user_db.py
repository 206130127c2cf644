from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.auth_method import AuthMethod
from ..models.user_role import UserRole
from ..reading import optional as _optional
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="CurrentUserDB")


@_attrs_define
class CurrentUserDB:
    """The user that a credential belongs to.

    Attributes:
        id (UUID): What the user's keys are listed by.
        email (str):
        organization_id (UUID):
        organization_name (str):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        first_name (None | str | Unset):
        last_name (None | str | Unset):
        email_is_verified (bool | None | Unset):
        auth_method (AuthMethod | Unset): How the user logs in.
        role (UserRole | Unset): What the user may do in the organization.
    """

    id: UUID
    email: str
    organization_id: UUID
    organization_name: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    first_name: None | str | Unset = UNSET
    last_name: None | str | Unset = UNSET
    email_is_verified: bool | None | Unset = UNSET
    auth_method: AuthMethod | Unset = UNSET
    role: UserRole | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "id": self.id,
                "email": self.email,
                "organization_id": self.organization_id,
                "organization_name": self.organization_name,
                "created_at": self.created_at,
                "updated_at": self.updated_at,
                "first_name": self.first_name,
                "last_name": self.last_name,
                "email_is_verified": self.email_is_verified,
                "auth_method": self.auth_method,
                "role": self.role,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            id=_required(d.pop("id"), UUID),
            email=d.pop("email"),
            first_name=d.pop("first_name", UNSET),
            last_name=d.pop("last_name", UNSET),
            email_is_verified=d.pop("email_is_verified", UNSET),
            auth_method=_optional(d.pop("auth_method", UNSET), AuthMethod),
            role=_optional(d.pop("role", UNSET), UserRole),
            organization_id=_required(d.pop("organization_id"), UUID),
            organization_name=d.pop("organization_name"),
            created_at=_required(d.pop("created_at"), datetime.datetime.fromisoformat),
            updated_at=_required(d.pop("updated_at"), datetime.datetime.fromisoformat),
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
