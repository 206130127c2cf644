from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.create_api_user_co_signer_setup_type import CreateAPIUserCoSignerSetupType
from ..models.create_api_user_role import CreateAPIUserRole
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
            options, field is required for management/signer role Example: SGX_MACHINE.
        co_signer_setup_is_first_user (bool | Unset): pass as true if this is the first user on the coSigner machine
    """

    role: CreateAPIUserRole
    name: str
    csr_pem: str
    co_signer_setup_type: CreateAPIUserCoSignerSetupType | Unset = UNSET
    co_signer_setup_is_first_user: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        role = self.role.value

        name = self.name

        csr_pem = self.csr_pem

        co_signer_setup_type: str | Unset = UNSET
        if not isinstance(self.co_signer_setup_type, Unset):
            co_signer_setup_type = self.co_signer_setup_type.value

        co_signer_setup_is_first_user = self.co_signer_setup_is_first_user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "role": role,
                "name": name,
                "csrPem": csr_pem,
            }
        )
        if co_signer_setup_type is not UNSET:
            field_dict["coSignerSetupType"] = co_signer_setup_type
        if co_signer_setup_is_first_user is not UNSET:
            field_dict["coSignerSetupIsFirstUser"] = co_signer_setup_is_first_user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = _fields_of(src_dict)
        role = CreateAPIUserRole(d.pop("role"))

        name = d.pop("name")

        csr_pem = d.pop("csrPem")

        _co_signer_setup_type = d.pop("coSignerSetupType", UNSET)
        co_signer_setup_type: CreateAPIUserCoSignerSetupType | Unset
        if isinstance(_co_signer_setup_type, Unset):
            co_signer_setup_type = UNSET
        else:
            co_signer_setup_type = CreateAPIUserCoSignerSetupType(_co_signer_setup_type)

        co_signer_setup_is_first_user = d.pop("coSignerSetupIsFirstUser", UNSET)

        create_api_user = cls(
            role=role,
            name=name,
            csr_pem=csr_pem,
            co_signer_setup_type=co_signer_setup_type,
            co_signer_setup_is_first_user=co_signer_setup_is_first_user,
        )

        create_api_user.additional_properties = d
        return create_api_user

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
