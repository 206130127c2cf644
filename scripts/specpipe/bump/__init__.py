"""A new version of a provider's document, taken into the tree or not at all."""
