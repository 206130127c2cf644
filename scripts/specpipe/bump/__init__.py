"""A new version of a provider's document, taken into the tree or not at all."""

EXCEPTIONS = ("older", "same-version", "new-server")
"""What `versions` refuses and can be told to accept, by the name that the command knows it by."""
