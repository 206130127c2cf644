from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import given as _given
from ..reading import optional as _optional
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.gateway_listed_api_key_annotations import GatewayListedApiKeyAnnotations


T = TypeVar("T", bound="GatewayListedApiKey")


@_attrs_define
class GatewayListedApiKey:
    """An API key as it is listed, without its value.

    Attributes:
        key_id (str): The id of the key, by which it is deleted.
        display_name (str | Unset): The name of the key.
        create_time (datetime.datetime | Unset): When the key was made.
        secure (bool | Unset): Whether the vendor does not know the value of the key.
        email (str | Unset): The address of the user whose key it is.
        prefix (str | Unset): The first characters of the value.
        expire_time (datetime.datetime | Unset): When the key ceases to be accepted. Absent means never.
        annotations (GatewayListedApiKeyAnnotations | Unset): What is kept with the key, by name.
        last_used (datetime.datetime | Unset): When the key was last used. Absent means never.
    """

    key_id: str
    display_name: str | Unset = UNSET
    create_time: datetime.datetime | Unset = UNSET
    secure: bool | Unset = UNSET
    email: str | Unset = UNSET
    prefix: str | Unset = UNSET
    expire_time: datetime.datetime | Unset = UNSET
    annotations: GatewayListedApiKeyAnnotations | Unset = UNSET
    last_used: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "keyId": self.key_id,
                "displayName": self.display_name,
                "createTime": self.create_time,
                "secure": self.secure,
                "email": self.email,
                "prefix": self.prefix,
                "expireTime": self.expire_time,
                "annotations": self.annotations,
                "lastUsed": self.last_used,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gateway_listed_api_key_annotations import GatewayListedApiKeyAnnotations

        d = _fields_of(src_dict)
        made = cls(
            key_id=d.pop("keyId"),
            display_name=_given(d.pop("displayName", UNSET)),
            create_time=_optional(d.pop("createTime", UNSET), datetime.datetime.fromisoformat),
            secure=_given(d.pop("secure", UNSET)),
            email=_given(d.pop("email", UNSET)),
            prefix=_given(d.pop("prefix", UNSET)),
            expire_time=_optional(d.pop("expireTime", UNSET), datetime.datetime.fromisoformat),
            annotations=_optional(d.pop("annotations", UNSET), GatewayListedApiKeyAnnotations.from_dict),
            last_used=_optional(d.pop("lastUsed", UNSET), datetime.datetime.fromisoformat),
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
