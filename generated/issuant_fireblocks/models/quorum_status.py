from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.quorum_request_state import QuorumRequestState
from ..reading import listed as _listed
from ..reading import optional as _optional
from ..reading import required as _required
from ..sending import to_object as _to_object
from ..types import UNSET, Unset
from ..types import fields_of as _fields_of
from ..types import names_only as _names_only

if TYPE_CHECKING:
    from ..models.quorum import Quorum
    from ..models.quorum_user import QuorumUser


T = TypeVar("T", bound="QuorumStatus")


@_attrs_define
class QuorumStatus:
    """How far a request has come.

    Attributes:
        request_status (QuorumRequestState): What became of a request. All but PENDING have been decided.
        quorum (Quorum): How many must approve, and how many have. Its `status` decides, not the numbers.
        users (list[QuorumUser] | Unset): Who may approve; only in the FULL mode.
    """

    request_status: QuorumRequestState
    quorum: Quorum
    users: list[QuorumUser] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict, repr=_names_only)

    def to_dict(self) -> dict[str, Any]:
        return _to_object(
            {
                **self.additional_properties,
                "requestStatus": self.request_status,
                "quorum": self.quorum,
                "users": self.users,
            }
        )

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quorum import Quorum
        from ..models.quorum_user import QuorumUser

        d = _fields_of(src_dict)
        made = cls(
            request_status=_required(d.pop("requestStatus"), QuorumRequestState),
            quorum=_required(d.pop("quorum"), Quorum.from_dict),
            users=_optional(d.pop("users", UNSET), lambda value: _listed(value, QuorumUser.from_dict)),
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
