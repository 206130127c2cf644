from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..reading import given as _given
from ..reading import listed as _listed
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.get_api_key_response import GetApiKeyResponse


T = TypeVar("T", bound="ListApiKeyResponse")


@_attrs_define
class ListApiKeyResponse:
    """One page of a user's keys.

    Attributes:
        api_keys (list[GetApiKeyResponse]):
        starting_token (int | Unset): Where this page starts, as it was asked for. Default: 0.
        limit (int | Unset): How many keys a page holds at most, as it was asked for. Default: 100.
        paginated (bool | Unset): Whether this page is not the last. Default: False.
        next_starting_token (int | None | Unset): Where the next page starts; null on the last page.
    """

    api_keys: list[GetApiKeyResponse]
    starting_token: int | Unset = 0
    limit: int | Unset = 100
    paginated: bool | Unset = False
    next_starting_token: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "api_keys": self.api_keys,
                "starting_token": self.starting_token,
                "limit": self.limit,
                "paginated": self.paginated,
                "next_starting_token": self.next_starting_token,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.get_api_key_response import GetApiKeyResponse

        d = _fields_of(src_dict)
        made = cls(
            api_keys=_listed(d.pop("api_keys"), GetApiKeyResponse.from_dict),
            starting_token=_given(d.pop("starting_token", UNSET)),
            limit=_given(d.pop("limit", UNSET)),
            paginated=_given(d.pop("paginated", UNSET)),
            next_starting_token=d.pop("next_starting_token", UNSET),
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
