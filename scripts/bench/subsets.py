"""Documents of growing size out of one, in a process of its own: `subsets.py DOCUMENT FOLDER NUMBER…`. Owns which
operations stay: as many as wanted, evenly spread over the document, with the components that they need and no others.
Writes one YAML document a number that the document is big enough for, and one of all operations; prints the numbers.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent


def main(source: str, folder: str, *numbers: str) -> int:
    """Write the documents."""
    sys.path.insert(0, str(SCRIPTS))
    sys.dont_write_bytecode = True
    document = (
        import_module("specpipe.structure").check(import_module("specpipe.intake").read(source).document).document
    )
    keys = [*import_module("specpipe.document").operation_keys(document)]
    wanted = sorted({*(int(number) for number in numbers if int(number) < len(keys)), len(keys)})
    for number in wanted:
        chosen = {keys[index * len(keys) // number] for index in range(number)}
        subset = import_module("specpipe.select").select(document, chosen)
        text = import_module("specpipe.yamlio").dump(subset)
        (Path(folder) / f"{number}.yaml").write_text(text, "utf-8")
    print(*wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
