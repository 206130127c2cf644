from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.create_api_user_co_signer_setup_type import CreateAPIUserCoSignerSetupType
from ..models.create_api_user_role import CreateAPIUserRole
from ..reading import given as _given
from ..reading import optional as _optional
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

T = TypeVar("T", bound="CreateAPIUser")


@_attrs_define
class CreateAPIUser:
    """
    Attributes:
        role (CreateAPIUserRole): Users role
        name (str): Users name
        csr_pem (str): CSR file that is used to verify API requests. read more
            https://developers.fireblocks.com/docs/quickstart
        co_signer_setup_type (CreateAPIUserCoSignerSetupType | Unset): Different environments allow for different setup
            options, field is required for management/signer role
        co_signer_setup_is_first_user (bool | Unset): pass as true if this is the first user on the coSigner machine
    """

    role: CreateAPIUserRole
    name: str
    csr_pem: str
    co_signer_setup_type: CreateAPIUserCoSignerSetupType | Unset = UNSET
    co_signer_setup_is_first_user: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "role": self.role,
                "name": self.name,
                "csrPem": self.csr_pem,
                "coSignerSetupType": self.co_signer_setup_type,
                "coSignerSetupIsFirstUser": self.co_signer_setup_is_first_user,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        made = cls(
            role=_required(d.pop("role"), CreateAPIUserRole),
            name=d.pop("name"),
            csr_pem=d.pop("csrPem"),
            co_signer_setup_type=_optional(d.pop("coSignerSetupType", UNSET), CreateAPIUserCoSignerSetupType),
            co_signer_setup_is_first_user=_given(d.pop("coSignerSetupIsFirstUser", UNSET)),
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
