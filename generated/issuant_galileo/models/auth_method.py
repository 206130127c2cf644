from ..enums import OpenStrEnum


class AuthMethod(OpenStrEnum):
    EMAIL = "email"
    GOOGLE = "google"
    GITHUB = "github"
    OKTA = "okta"
    AZURE_AD = "azure-ad"
    CUSTOM = "custom"
    SAML = "saml"
    INVITE = "invite"
