"""A command that takes the value on its standard input: any other tool's own command is a sink. Owns running it.

No shell is between: the command is split as a shell splits words, and started, in the folder that `--chdir=FOLDER`
names where it begins with that. It has the environment but for a sealing key in it, what it prints goes nowhere, and it
must be safe to run twice with one value, as after a kill nobody knows whether it ran to its end.

Facts
- The value is in the pipe, whole and closed, before the command starts: a kill of this process at any instant leaves
  a command that reads all of it, or none that runs. A pipe holds 64 KiB on Linux and 16 KiB at least elsewhere; a value
  that is longer is refused.
- What a command has left in the pipe it has not stored, whatever it says at its end.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import termios

from issuant.secret import Secret
from issuant.sinks.contents import check_text, not_ready

SECONDS = 60.0  # a command that takes longer waits for something that does not come
JOURNAL_KEY = "ISSUANT_JOURNAL_KEY"
"""The variable that a command does not get: it may hold the key that seals the journal."""

_CHDIR = "--chdir="


class CommandSink:
    """`exec:COMMAND`: the command gets the value on its standard input, in UTF-8, without a line break of ours."""

    def __init__(self, command: str, *, replace: bool = True) -> None:
        """Take the command apart. Raises SinkNotReadyError for what is none."""
        self._folder, self._words = _split(command)
        self._replaces = replace

    @property
    def description(self) -> str:
        # What it is called with stays out of every text: people put tokens there.
        return f"exec:{self._words[0]}{' …' if self._words[1:] else ''}"

    def __repr__(self) -> str:
        return f"CommandSink({self.description!r})"

    def lasting(self) -> str:
        """Return the command so that it is the same from any folder: with the one that it is to run in."""
        return shlex.join([f"{_CHDIR}{os.path.abspath(self._folder)}", *self._words])

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Raise SinkNotReadyError unless the command could be started, with `value`: unless it could get that one.

        With `vacant`, and where nothing is to be replaced, always: nobody can tell whether it keeps one already.
        """
        check_text(value, self.description)
        if not os.path.isdir(self._folder):
            raise not_ready(
                f"{self.description} cannot be run: the folder {self._folder} is gone",
                f"Make it again, or name another with {_CHDIR}FOLDER in front of the command.",
            )
        if shutil.which(self._program) is None:
            raise not_ready(
                f"{self.description} cannot be run: there is no such command",
                "Give one on the PATH, or the path of an executable.",
            )
        if vacant or not self._replaces:
            raise not_ready(
                f"{self.description} cannot tell whether it holds a value already, which may be in use",
                f"Name a sink that can, such as file:PATH{'' if vacant else '; replace=True runs it all the same'}.",
            )
        if value is not None:
            os.close(self._filled(value))
        return None

    @property
    def _program(self) -> str:
        """What is started: a path, from the command's own folder, or a name that is looked for on the PATH."""
        first = self._words[0]
        return os.path.join(self._folder, first) if "/" in first else first

    def store(self, value: Secret, found: object) -> None:
        """Run the command. Raises SinkNotReadyError unless it has read the value to its end and ended with 0.

        What it has changed by then, it alone knows.
        """
        check_text(value, self.description)
        standard_input = self._filled(value)
        try:
            fault = _run([self._program, *self._words[1:]], self._folder, standard_input)
        finally:
            os.close(standard_input)
        if fault is not None:
            raise not_ready(
                f"{self.description} {fault}",
                "Run the command by hand to see what it says; what it prints is not shown here.",
            )

    def _filled(self, value: Secret) -> int:
        """Return the reading end of a pipe that holds the value and is closed behind it."""
        reading, writing = os.pipe()
        try:
            is_whole = _fill(writing, value)
        finally:
            os.close(writing)
        if not is_whole:
            os.close(reading)
            raise not_ready(f"{self.description} cannot take the value: it is longer than a pipe", "Name another sink.")
        return reading


def _split(command: str) -> tuple[str, list[str]]:
    """Return the folder that a command runs in, and its words."""
    with contextlib.suppress(ValueError):
        words, folder = shlex.split(command), "."
        if words and words[0].startswith(_CHDIR):
            folder = os.path.expanduser(words.pop(0).removeprefix(_CHDIR))
        if words and words[0] and folder and "\0" not in command:
            return folder, [os.path.expanduser(words[0]), *words[1:]]
    raise not_ready("the command is empty, or a quote in it has no end", "Give exec:COMMAND, quoted as for a shell.")


def _fill(writing: int, value: Secret) -> bool:
    """Tell whether all of the value has gone into the pipe."""
    os.set_blocking(writing, False)
    return os.write(writing, value.reveal().encode()) == len(value.reveal().encode())


def _run(words: list[str], folder: str, standard_input: int) -> str | None:
    """Run a command, and return how it failed; None where it did not."""
    try:
        process = subprocess.Popen(  # noqa: S603 - whoever names the sink names the command
            words,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name != JOURNAL_KEY},
            stdin=standard_input,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"cannot be started: {error.strerror}"
    try:
        code = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return f"did not end within {SECONDS:g} seconds, and was killed"
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code < 0:
        return f"was killed by the signal {_signal_name(-code)}"
    if code > 0:
        return f"ended with the exit code {code}"
    return "ended with 0, and had not read the value to its end" if _holds_bytes(standard_input) else None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of the real-time signals
        return str(number)


def _holds_bytes(reading: int) -> bool:
    count = array.array("i", [0])
    fcntl.ioctl(reading, termios.FIONREAD, count)
    return count[0] > 0
