"""What is sealed opens with its key and for its purpose alone; the key is found where it is kept, and nowhere else."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.null
import keyring.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuant.errors import SealError
from issuant.rotation.sealing import KEY_BYTES, Seal, is_key
from issuant.rotation.sealkey import find_key, new_key
from issuant.secret import Secret
from keyring.backend import KeyringBackend

from tests.leaks.detector import leaks, shown_by_error

ONE = Seal(Secret(base64.b64encode(bytes(range(32))).decode()))
OTHER = Seal(Secret(base64.b64encode(bytes(32)).decode()))
VALUE = "fw_TEST_not_a_key"


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_what_was_sealed_is_opened(plain: dict[str, str], context: str) -> None:
    """Any texts, also such as have no form in UTF-8."""
    secrets = {name: Secret(value) for name, value in plain.items()}
    assert ONE.open(ONE.seal(secrets, context=context), context=context) == secrets


def test_the_seal_shows_nothing() -> None:
    """Not the value, and not that two values are the same."""
    first, second = (ONE.seal({"value": Secret(VALUE)}, context="a") for _ in range(2))
    assert VALUE.encode() not in first
    assert first != second


def changed(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


BLOB = ONE.seal({"value": Secret(VALUE)}, context="a-1")


@pytest.mark.parametrize(
    ("seal", "blob", "context"),
    [
        pytest.param(OTHER, BLOB, "a-1", id="another-key"),
        pytest.param(ONE, BLOB, "a-2", id="another-attempt"),
        pytest.param(ONE, b"", "a-1", id="empty"),
        pytest.param(ONE, BLOB[:13], "a-1", id="nothing-behind-the-nonce"),
        pytest.param(ONE, BLOB[:-1], "a-1", id="cut"),
        pytest.param(ONE, BLOB + b"\0", "a-1", id="more-behind"),
        *(pytest.param(ONE, changed(BLOB, at), "a-1", id=f"byte-{at}") for at in (0, 1, 12, 13, len(BLOB) - 1)),
    ],
)
def test_what_was_changed_or_moved_does_not_open(seal: Seal, blob: bytes, context: str) -> None:
    """And the error leads to nothing that was sealed."""
    with pytest.raises(SealError) as caught:
        seal.open(blob, context=context)
    assert leaks(shown_by_error(caught.value), [VALUE]) == []
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_fingerprint_tells_values_apart_with_the_key_alone() -> None:
    """The same for the same value; another by another key, so that nobody can try values out."""
    assert ONE.fingerprint(Secret(VALUE)) == ONE.fingerprint(Secret(VALUE))
    assert ONE.fingerprint(Secret(VALUE)) != ONE.fingerprint(Secret(VALUE + "!"))
    assert ONE.fingerprint(Secret(VALUE)) != OTHER.fingerprint(Secret(VALUE))
    assert len(ONE.fingerprint(Secret("\ud800"))) == 64


def test_what_identifies_the_key_is_no_part_of_it() -> None:
    """The same each time, another for another key, and derived."""
    key = base64.b64encode(bytes(range(32))).decode()
    assert ONE.check == Seal(Secret(key)).check != OTHER.check
    assert ONE.check != bytes(range(32)).hex()


@pytest.mark.parametrize("key", ["", "short", "é", base64.b64encode(bytes(31)).decode(), "!" * 44])
def test_a_malformed_key_is_refused_unseen(key: str) -> None:
    """Wherever it comes from."""
    assert not is_key(Secret(key))
    with pytest.raises(SealError) as caught:
        Seal(Secret(key))
    assert not key or key not in str(caught.value)


# Where the key is kept


def test_the_first_key_is_made_in_the_folder(tmp_path: Path) -> None:
    """A file for its owner alone, whatever the umask; from then on it is that one."""
    before = os.umask(0)
    try:
        made = find_key(None, tmp_path, create=True)
    finally:
        os.umask(before)
    path = tmp_path / "journal.key"
    assert is_key(made)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert find_key(None, tmp_path, create=True) == find_key("", tmp_path, create=False) == made


def test_a_key_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    """What is sealed with it would be lost without a word."""
    with pytest.raises(SealError, match="is gone") as caught:
        find_key(None, tmp_path, create=False)
    assert "backup" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def test_a_key_may_stand_elsewhere(tmp_path: Path) -> None:
    """In a file that is named, or in the environment itself."""
    made = find_key(f"file:{tmp_path / 'k'}", tmp_path / "none", create=True)
    assert (tmp_path / "k").read_text() == made.reveal() + "\n"
    assert find_key(f"base64:{made.reveal()}", tmp_path, create=False) == made


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(base64.b64encode(bytes(KEY_BYTES - 1)), id="too-short"),
        pytest.param(base64.b64encode(bytes(KEY_BYTES + 1)), id="too-long"),
        pytest.param(bytes(KEY_BYTES), id="raw-bytes"),
        pytest.param(b"A" * 10_000_000, id="huge"),
    ],
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    """And left as it is, also where one may be made."""
    path = tmp_path / "journal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SealError, match="malformed"):
        find_key(None, tmp_path, create=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601], ids=oct)
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    """It may have been read already, so its mode is not mended in silence."""
    find_key(None, tmp_path, create=True)
    (tmp_path / "journal.key").chmod(mode)
    with pytest.raises(SealError, match=f"mode {mode:03o}"):
        find_key(None, tmp_path, create=False)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, and a FIFO, which is not waited for."""
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "fifo", 0o600)
    for name in ("folder", "fifo"):
        with pytest.raises(SealError, match="no regular file"):
            find_key(f"file:{tmp_path / name}", tmp_path, create=True)


@pytest.mark.parametrize("spec", ["fw_TEST_not_a_key", "file:", "base64:", "vault:fw_TEST_not_a_key", "base64:fw_TEST"])
def test_what_names_no_key_is_refused_unseen(tmp_path: Path, spec: str) -> None:
    """It may be the key itself, with its kind forgotten."""
    with pytest.raises(SealError) as caught:
        find_key(spec, tmp_path, create=True)
    assert leaks(shown_by_error(caught.value), ["fw_TEST"]) == []
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Nothing is left of it."""
    with pytest.raises(SealError, match="cannot be made"):
        find_key(f"file:{tmp_path / 'none' / 'k'}", tmp_path, create=True)


def test_of_two_processes_that_make_the_first_key_both_have_the_same(tmp_path: Path) -> None:
    """Whoever comes second takes that of the first."""
    script = """
import sys
from pathlib import Path
from issuant.rotation.sealkey import find_key
folder = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(find_key(None, folder, create=True).reveal())
"""
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for one in racing:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in racing:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    keys = {one.communicate(timeout=30)[0] for one in racing}
    assert keys == {(tmp_path / "journal.key").read_text()}


class Ring(KeyringBackend):
    """A keyring that keeps what it gets, unless it is locked."""

    priority = 1

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise keyring.errors.KeyringLocked("fw_TEST_not_a_key")
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring of this process, for the time being."""
    before, found = keyring.get_keyring(), Ring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


def test_the_key_may_stand_in_the_keyring(ring: Ring, tmp_path: Path) -> None:
    """It is made there once; no file is."""
    with pytest.raises(SealError, match="is gone"):
        find_key("keyring:issuant/journal", tmp_path, create=False)
    made = find_key("keyring:issuant/journal", tmp_path, create=True)
    assert is_key(made)
    assert ring.items == {("issuant", "journal"): made.reveal()}
    assert find_key("keyring:issuant/journal", tmp_path, create=True) == made
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_that_cannot_be_used_is_told(ring: Ring, tmp_path: Path) -> None:
    """Locked, none at all, or holding something else under that name; in words of ours."""
    ring.items["issuant", "other"] = "fw_TEST_not_a_key"
    for spec, reason in (("keyring:issuant/other", "malformed"), ("keyring:issuant", "names no sink")):
        with pytest.raises(SealError, match=reason) as caught:
            find_key(spec, tmp_path, create=True)
        assert leaks(shown_by_error(caught.value), ["fw_TEST"]) == []
    ring.is_locked = True
    with pytest.raises(SealError, match="is locked") as caught:
        find_key("keyring:issuant/journal", tmp_path, create=True)
    assert leaks(shown_by_error(caught.value), ["fw_TEST"]) == []
    keyring.set_keyring(keyring.backends.null.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(SealError, match="no keyring"):
        find_key("keyring:issuant/journal", tmp_path, create=True)


def test_without_cryptography_the_extra_is_named() -> None:
    """As an error of ours, when a journal is to be opened."""
    script = "import sys; sys.modules['cryptography'] = None\n"
    script += "from issuant.errors import MissingExtraError\n"
    script += "try:\n    import issuant.rotation.journal\nexcept MissingExtraError as error:\n    print(error)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert "issuant[rotation]" in done.stdout


def test_keys_are_random() -> None:
    """Each is another."""
    assert len({new_key() for _ in range(100)}) == 100
