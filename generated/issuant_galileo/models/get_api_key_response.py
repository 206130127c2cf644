from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.collaborator_role import CollaboratorRole
from ..reading import one_of as _one_of
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="GetApiKeyResponse")


@_attrs_define
class GetApiKeyResponse:
    """A key as it can be looked at later, without its value.

    Attributes:
        id (UUID): What the key is deleted by.
        description (str): The name that was given to the key.
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        created_by (UUID): The user whose key it is.
        truncated (str): The beginning of the value, to know it by.
        expires_at (datetime.datetime | None | Unset): When the key ends; null for never.
        last_used (datetime.datetime | None | Unset): When the key was last accepted; null for not yet.
        project_id (None | Unset | UUID): The project that the key is limited to.
        project_role (CollaboratorRole | None | Unset):
    """

    id: UUID
    description: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    created_by: UUID
    truncated: str
    expires_at: datetime.datetime | None | Unset = UNSET
    last_used: datetime.datetime | None | Unset = UNSET
    project_id: None | Unset | UUID = UNSET
    project_role: CollaboratorRole | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "id": self.id,
                "description": self.description,
                "created_at": self.created_at,
                "updated_at": self.updated_at,
                "created_by": self.created_by,
                "truncated": self.truncated,
                "expires_at": self.expires_at,
                "last_used": self.last_used,
                "project_id": self.project_id,
                "project_role": self.project_role,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            id=_required(d.pop("id"), UUID),
            description=d.pop("description"),
            expires_at=_one_of(d.pop("expires_at", UNSET), datetime.datetime.fromisoformat),
            created_at=_required(d.pop("created_at"), datetime.datetime.fromisoformat),
            updated_at=_required(d.pop("updated_at"), datetime.datetime.fromisoformat),
            last_used=_one_of(d.pop("last_used", UNSET), datetime.datetime.fromisoformat),
            project_id=_one_of(d.pop("project_id", UNSET), UUID),
            project_role=_one_of(d.pop("project_role", UNSET), CollaboratorRole),
            created_by=_required(d.pop("created_by"), UUID),
            truncated=d.pop("truncated"),
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
