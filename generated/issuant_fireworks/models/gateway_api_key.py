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
from ..types import masked as _masked
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.gateway_api_key_annotations import GatewayApiKeyAnnotations


T = TypeVar("T", bound="GatewayApiKey")


@_attrs_define
class GatewayApiKey:
    """
    Attributes:
        key_id (str): Unique identifier (Key ID) for the API key, used primarily for deletion.
        key (str): The actual API key value, only available upon creation and not stored thereafter.
        display_name (str | Unset): Display name for the API key, defaults to "default" if not specified.
        create_time (datetime.datetime | Unset): Timestamp indicating when the API key was created.
        secure (bool | Unset): Indicates whether the plaintext value of the API key is unknown to Fireworks.
            If true, Fireworks does not know this API key's plaintext value. If false, Fireworks does
            know the plaintext value.
        email (str | Unset): Email of the user who owns this API key.
        prefix (str | Unset):
        expire_time (datetime.datetime | Unset): Timestamp indicating when the API key will expire. If not set, the key
            never expires.
        annotations (GatewayApiKeyAnnotations | Unset): Optional key-value annotations for this API key.
        last_used (datetime.datetime | Unset): Timestamp indicating when the API key was last used. Not set if the key
            has never been used.
    """

    key_id: str
    key: str = _attrs_field(repr=_masked)
    display_name: str | Unset = UNSET
    create_time: datetime.datetime | Unset = UNSET
    secure: bool | Unset = UNSET
    email: str | Unset = UNSET
    prefix: str | Unset = UNSET
    expire_time: datetime.datetime | Unset = UNSET
    annotations: GatewayApiKeyAnnotations | Unset = UNSET
    last_used: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "keyId": self.key_id,
                "key": self.key,
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
        from ..models.gateway_api_key_annotations import GatewayApiKeyAnnotations

        d = _fields_of(src_dict)
        made = cls(
            key_id=d.pop("keyId"),
            display_name=_given(d.pop("displayName", UNSET)),
            key=d.pop("key"),
            create_time=_optional(d.pop("createTime", UNSET), datetime.datetime.fromisoformat),
            secure=_given(d.pop("secure", UNSET)),
            email=_given(d.pop("email", UNSET)),
            prefix=_given(d.pop("prefix", UNSET)),
            expire_time=_optional(d.pop("expireTime", UNSET), datetime.datetime.fromisoformat),
            annotations=_optional(d.pop("annotations", UNSET), GatewayApiKeyAnnotations.from_dict),
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
