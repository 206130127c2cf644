from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.gateway_api_key_input_annotations import GatewayApiKeyInputAnnotations


T = TypeVar("T", bound="GatewayApiKeyInput")


@_attrs_define
class GatewayApiKeyInput:
    """
    Attributes:
        display_name (str | Unset): Display name for the API key, defaults to "default" if not specified.
        expire_time (datetime.datetime | Unset): Timestamp indicating when the API key will expire. If not set, the key
            never expires.
        annotations (GatewayApiKeyInputAnnotations | Unset): Optional key-value annotations for this API key.
    """

    display_name: str | Unset = UNSET
    expire_time: datetime.datetime | Unset = UNSET
    annotations: GatewayApiKeyInputAnnotations | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        expire_time: str | Unset = UNSET
        if not isinstance(self.expire_time, Unset):
            expire_time = self.expire_time.isoformat()

        annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = self.annotations.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if display_name is not UNSET:
            field_dict["displayName"] = display_name
        if expire_time is not UNSET:
            field_dict["expireTime"] = expire_time
        if annotations is not UNSET:
            field_dict["annotations"] = annotations

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gateway_api_key_input_annotations import GatewayApiKeyInputAnnotations  # noqa: PLC0415

        d = _fields_of(src_dict)
        display_name = d.pop("displayName", UNSET)

        _expire_time = d.pop("expireTime", UNSET)
        expire_time: datetime.datetime | Unset
        if isinstance(_expire_time, Unset):
            expire_time = UNSET
        else:
            expire_time = datetime.datetime.fromisoformat(_expire_time)

        _annotations = d.pop("annotations", UNSET)
        annotations: GatewayApiKeyInputAnnotations | Unset
        if isinstance(_annotations, Unset):
            annotations = UNSET
        else:
            annotations = GatewayApiKeyInputAnnotations.from_dict(_annotations)

        gateway_api_key_input = cls(
            display_name=display_name,
            expire_time=expire_time,
            annotations=annotations,
        )

        gateway_api_key_input.additional_properties = d
        return gateway_api_key_input

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
