from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import given as _given
from ..reading import listed as _listed
from ..reading import optional as _optional
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.gateway_stored_secret import GatewayStoredSecret


T = TypeVar("T", bound="GatewayListSecretsResponse")


@_attrs_define
class GatewayListSecretsResponse:
    """
    Attributes:
        secrets (list[GatewayStoredSecret] | Unset):
        next_page_token (str | Unset): What leads to the next page. Absent or empty on the last one.
        total_size (int | Unset): How many secrets there are on all pages.
    """

    secrets: list[GatewayStoredSecret] | Unset = UNSET
    next_page_token: str | Unset = UNSET
    total_size: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "secrets": self.secrets,
                "nextPageToken": self.next_page_token,
                "totalSize": self.total_size,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gateway_stored_secret import GatewayStoredSecret

        d = _fields_of(src_dict)
        made = cls(
            secrets=_optional(d.pop("secrets", UNSET), lambda value: _listed(value, GatewayStoredSecret.from_dict)),
            next_page_token=_given(d.pop("nextPageToken", UNSET)),
            total_size=_given(d.pop("totalSize", UNSET)),
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
