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
        return _to_object(
            {
                **self.additional_properties,
                "displayName": self.display_name,
                "expireTime": self.expire_time,
                "annotations": self.annotations,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gateway_api_key_input_annotations import GatewayApiKeyInputAnnotations

        d = _fields_of(src_dict)
        made = cls(
            display_name=_given(d.pop("displayName", UNSET)),
            expire_time=_optional(d.pop("expireTime", UNSET), datetime.datetime.fromisoformat),
            annotations=_optional(d.pop("annotations", UNSET), GatewayApiKeyInputAnnotations.from_dict),
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
