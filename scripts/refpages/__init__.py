"""The reference documentation: what is public, what its docstrings say of it, what they leave out, and the pages."""
