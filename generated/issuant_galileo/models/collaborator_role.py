from enum import StrEnum


class CollaboratorRole(StrEnum):
    ANNOTATOR = "annotator"
    EDITOR = "editor"
    OWNER = "owner"
    VIEWER = "viewer"

    def __str__(self) -> str:
        return str(self.value)
