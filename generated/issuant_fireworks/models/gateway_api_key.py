from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
        key_id = self.key_id

        key = self.key

        display_name = self.display_name

        create_time: str | Unset = UNSET
        if not isinstance(self.create_time, Unset):
            create_time = self.create_time.isoformat()

        secure = self.secure

        email = self.email

        prefix = self.prefix

        expire_time: str | Unset = UNSET
        if not isinstance(self.expire_time, Unset):
            expire_time = self.expire_time.isoformat()

        annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = self.annotations.to_dict()

        last_used: str | Unset = UNSET
        if not isinstance(self.last_used, Unset):
            last_used = self.last_used.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "keyId": key_id,
                "key": key,
            }
        )
        if display_name is not UNSET:
            field_dict["displayName"] = display_name
        if create_time is not UNSET:
            field_dict["createTime"] = create_time
        if secure is not UNSET:
            field_dict["secure"] = secure
        if email is not UNSET:
            field_dict["email"] = email
        if prefix is not UNSET:
            field_dict["prefix"] = prefix
        if expire_time is not UNSET:
            field_dict["expireTime"] = expire_time
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if last_used is not UNSET:
            field_dict["lastUsed"] = last_used

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gateway_api_key_annotations import GatewayApiKeyAnnotations  # noqa: PLC0415

        d = _fields_of(src_dict)
        key_id = d.pop("keyId")

        key = d.pop("key")

        display_name = d.pop("displayName", UNSET)

        _create_time = d.pop("createTime", UNSET)
        create_time: datetime.datetime | Unset
        if isinstance(_create_time, Unset):
            create_time = UNSET
        else:
            create_time = datetime.datetime.fromisoformat(_create_time)

        secure = d.pop("secure", UNSET)

        email = d.pop("email", UNSET)

        prefix = d.pop("prefix", UNSET)

        _expire_time = d.pop("expireTime", UNSET)
        expire_time: datetime.datetime | Unset
        if isinstance(_expire_time, Unset):
            expire_time = UNSET
        else:
            expire_time = datetime.datetime.fromisoformat(_expire_time)

        _annotations = d.pop("annotations", UNSET)
        annotations: GatewayApiKeyAnnotations | Unset
        if isinstance(_annotations, Unset):
            annotations = UNSET
        else:
            annotations = GatewayApiKeyAnnotations.from_dict(_annotations)

        _last_used = d.pop("lastUsed", UNSET)
        last_used: datetime.datetime | Unset
        if isinstance(_last_used, Unset):
            last_used = UNSET
        else:
            last_used = datetime.datetime.fromisoformat(_last_used)

        gateway_api_key = cls(
            key_id=key_id,
            key=key,
            display_name=display_name,
            create_time=create_time,
            secure=secure,
            email=email,
            prefix=prefix,
            expire_time=expire_time,
            annotations=annotations,
            last_used=last_used,
        )

        gateway_api_key.additional_properties = d
        return gateway_api_key

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
