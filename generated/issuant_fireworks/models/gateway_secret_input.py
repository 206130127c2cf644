from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import fields_of as _fields_of
from ..types import masked as _masked
from ..types import names_only as _names_only

T = TypeVar("T", bound="GatewaySecretInput")


@_attrs_define
class GatewaySecretInput:
    """
    Attributes:
        name (str):
        key_name (str):
        value (str): The secret value. This field is INPUT_ONLY and will not be returned in GET or LIST responses
            for security reasons. The value is only accepted when creating or updating secrets. Example:
            sk-1234567890abcdef.
    """

    name: str
    key_name: str
    value: str = _attrs_field(repr=_masked)
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        key_name = self.key_name

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "keyName": key_name,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        name = d.pop("name")

        key_name = d.pop("keyName")

        value = d.pop("value")

        gateway_secret_input = cls(
            name=name,
            key_name=key_name,
            value=value,
        )

        gateway_secret_input.additional_properties = d
        return gateway_secret_input

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
