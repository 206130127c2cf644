"""From a vendor's documentation pages to a typed Python client: the importable parts of scripts/specs.py.

Each module owns one step and says on top what it refuses. Steps are functions over documents; files are read and
written in `pipeline`, `finish.package`, `lock` and `check` alone.
"""
