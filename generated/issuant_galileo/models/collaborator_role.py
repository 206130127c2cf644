from ..enums import OpenStrEnum


class CollaboratorRole(OpenStrEnum):
    OWNER = "owner"
    EDITOR = "editor"
    ANNOTATOR = "annotator"
    VIEWER = "viewer"
