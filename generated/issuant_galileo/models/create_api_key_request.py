from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.collaborator_role import CollaboratorRole
from ..reading import one_of as _one_of
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import masked as _masked
from ..types import names_only as _names_only

T = TypeVar("T", bound="CreateApiKeyRequest")


@_attrs_define
class CreateApiKeyRequest:
    """
    Attributes:
        description (str):
        expires_at (datetime.datetime | None | Unset): Expiry date for the API key
        project_id (None | Unset | UUID):
        project_role (CollaboratorRole | None | Unset):
        api_key (None | str | Unset): Optional pre-generated API key value. If not provided, one will be generated
            automatically. This is used for setups where the same API key needs to exist on multiple clusters.
    """

    description: str
    expires_at: datetime.datetime | None | Unset = UNSET
    project_id: None | Unset | UUID = UNSET
    project_role: CollaboratorRole | None | Unset = UNSET
    api_key: None | str | Unset = _attrs_field(default=UNSET, repr=_masked)
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "description": self.description,
                "expires_at": self.expires_at,
                "project_id": self.project_id,
                "project_role": self.project_role,
                "api_key": self.api_key,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            description=d.pop("description"),
            expires_at=_one_of(d.pop("expires_at", UNSET), datetime.datetime.fromisoformat),
            project_id=_one_of(d.pop("project_id", UNSET), UUID),
            project_role=_one_of(d.pop("project_role", UNSET), CollaboratorRole),
            api_key=d.pop("api_key", UNSET),
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
