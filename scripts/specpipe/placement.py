"""Files and folders put into the places of others, in a way that can be taken back. Owns the order of the moves, and
the rule that nothing old or new is ever lost; refuses a name with nothing behind it.

Facts
- A rename keeps the bytes, the mode and the times of what is moved, and a link stays the link that it is. It works on
  one file system alone, so the folder to work in stands below the root.
- A move may be stopped (Ctrl-C) right before it is made or right behind it. It is written down before, and taken back
  only where it was made.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_ASIDE = ".aside"


class Placement:
    """What was put from the folder `work` to the folder `root`.

    What stood there before is kept in `work` until it is settled or taken back.
    """

    def __init__(self, work: Path, root: Path) -> None:
        self._work, self._root = work, root
        # Each move as it is taken back: from where, to where.
        self._moves: list[tuple[Path, Path]] = []
        self._folders: list[Path] = []
        self._kept = 0

    def put(self, names: Iterable[str], *, removed: Iterable[str] = ()) -> None:
        """Put each named file or folder of `work` in the place of the one at `root`, and take away the `removed` ones.

        All of them or, when anything, Ctrl-C too, stops it on the way, none.
        Each name is put once. Raises FileNotFoundError for a name that is not in `work`, or, where it is to be removed,
        not at `root`.
        """
        before = len(self._moves), len(self._folders)
        try:
            for name in names:
                self._make_folders((self._root / name).parent)
                self._keep(name)
                self._move(self._work / name, self._root / name)
            for name in removed:
                if not os.path.lexists(self._root / name):
                    raise FileNotFoundError(f"{name}: there is nothing to remove")
                self._keep(name)
        except BaseException:
            self._take_back(*before)
            raise

    def undo(self) -> tuple[Path, ...]:
        """Put everything back where it stood; what was put is in `work` again.

        Twice is as good as once, also after an undo that was stopped. What cannot be put back, as something else has
        taken its place or the folder cannot be written to, stays where it is kept; the answer is its places in `root`.
        """
        return self._take_back(0, 0)

    def settle(self) -> None:
        """Give up what stood there before; nothing can be taken back any more."""
        self._moves.clear()
        self._folders.clear()
        if (self._work / _ASIDE).is_dir():
            shutil.rmtree(self._work / _ASIDE)

    def _keep(self, name: str) -> None:
        target = self._root / name
        if os.path.lexists(target):
            (self._work / _ASIDE).mkdir(exist_ok=True)
            kept = self._work / _ASIDE / str(self._kept)
            self._kept += 1
            self._move(target, kept)

    def _move(self, source: Path, target: Path) -> None:
        self._moves.append((target, source))
        source.rename(target)

    def _make_folders(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            self._folders.append(path)
            path.mkdir()

    def _take_back(self, moves: int, folders: int) -> tuple[Path, ...]:
        left: list[Path] = []
        while len(self._moves) > moves:
            source, target = self._moves[-1]
            if os.path.lexists(source) and not self._is_moved(source, target):
                left.append(target)
            self._moves.pop()
        while len(self._folders) > folders:
            folder = self._folders[-1]
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
            self._folders.pop()
        return tuple(place for place in left if place.is_relative_to(self._root))

    def _is_moved(self, source: Path, target: Path) -> bool:
        if os.path.lexists(target):
            return False
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
        except OSError:
            return False
        return True
