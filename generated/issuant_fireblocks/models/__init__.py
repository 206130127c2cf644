"""The models of Fireblocks, each loaded when it is first asked for."""

from typing import TYPE_CHECKING

__all__ = [
    "APIUser",
    "ApprovalRequestItem",
    "ApprovalRequestItemUserStatus",
    "ApproveApprovalRequest",
    "CreateAPIUser",
    "CreateAPIUserCoSignerSetupType",
    "CreateAPIUserRole",
    "ErrorResponse",
    "ErrorResponseError",
    "ErrorResponseErrorType",
    "ErrorSchema",
    "GetAPIUsersResponse",
    "GetApprovalByIdQuorumStatusMode",
    "GetApprovalsQuorumStatusMode",
    "GetWhitelistIpAddressesResponse",
    "IssueApiUserPairingTokenResponse",
    "ListApprovalsResponse",
    "Quorum",
    "QuorumApprovalState",
    "QuorumRequestState",
    "QuorumStatus",
    "QuorumType",
    "QuorumUser",
    "UserRole",
    "UserStatus",
    "UserType",
]

if TYPE_CHECKING:
    from .api_user import APIUser
    from .approval_request_item import ApprovalRequestItem
    from .approval_request_item_user_status import ApprovalRequestItemUserStatus
    from .approve_approval_request import ApproveApprovalRequest
    from .create_api_user import CreateAPIUser
    from .create_api_user_co_signer_setup_type import CreateAPIUserCoSignerSetupType
    from .create_api_user_role import CreateAPIUserRole
    from .error_response import ErrorResponse
    from .error_response_error import ErrorResponseError
    from .error_response_error_type import ErrorResponseErrorType
    from .error_schema import ErrorSchema
    from .get_api_users_response import GetAPIUsersResponse
    from .get_approval_by_id_quorum_status_mode import GetApprovalByIdQuorumStatusMode
    from .get_approvals_quorum_status_mode import GetApprovalsQuorumStatusMode
    from .get_whitelist_ip_addresses_response import GetWhitelistIpAddressesResponse
    from .issue_api_user_pairing_token_response import IssueApiUserPairingTokenResponse
    from .list_approvals_response import ListApprovalsResponse
    from .quorum import Quorum
    from .quorum_approval_state import QuorumApprovalState
    from .quorum_request_state import QuorumRequestState
    from .quorum_status import QuorumStatus
    from .quorum_type import QuorumType
    from .quorum_user import QuorumUser
    from .user_role import UserRole
    from .user_status import UserStatus
    from .user_type import UserType

else:
    from ..lazy import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "APIUser": "api_user",
            "ApprovalRequestItem": "approval_request_item",
            "ApprovalRequestItemUserStatus": "approval_request_item_user_status",
            "ApproveApprovalRequest": "approve_approval_request",
            "CreateAPIUser": "create_api_user",
            "CreateAPIUserCoSignerSetupType": "create_api_user_co_signer_setup_type",
            "CreateAPIUserRole": "create_api_user_role",
            "ErrorResponse": "error_response",
            "ErrorResponseError": "error_response_error",
            "ErrorResponseErrorType": "error_response_error_type",
            "ErrorSchema": "error_schema",
            "GetAPIUsersResponse": "get_api_users_response",
            "GetApprovalByIdQuorumStatusMode": "get_approval_by_id_quorum_status_mode",
            "GetApprovalsQuorumStatusMode": "get_approvals_quorum_status_mode",
            "GetWhitelistIpAddressesResponse": "get_whitelist_ip_addresses_response",
            "IssueApiUserPairingTokenResponse": "issue_api_user_pairing_token_response",
            "ListApprovalsResponse": "list_approvals_response",
            "Quorum": "quorum",
            "QuorumApprovalState": "quorum_approval_state",
            "QuorumRequestState": "quorum_request_state",
            "QuorumStatus": "quorum_status",
            "QuorumType": "quorum_type",
            "QuorumUser": "quorum_user",
            "UserRole": "user_role",
            "UserStatus": "user_status",
            "UserType": "user_type",
        },
    )
