"""What changed between two versions of a vendor's document, and what of it breaks whom.

Each level has a module of its own; `report` holds what they found and `rendering` writes it down.
"""
