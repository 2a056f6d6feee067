"""Files that SegQL writes: the old one or the whole new one, whatever happens on the way; and where caches are."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

_PREFIX, _SUFFIX = ".segql-", ".part"
UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EPIPE, errno.EBADF})
"""Errors of the system that say that a file or a stream takes no more."""
_LINKS = 40
"""Links that a name may go through, as Linux has it."""


@contextmanager
def replacing(path: str | os.PathLike[str], part: Path | None = None) -> Iterator[Path]:
    """A place to write a file at, which then takes the place of `path`: written, synced, renamed.

    Until then the old file stays, and it stays for good where the work fails or is killed. The place, `part_of(path)`
    unless another such is given, lies in a folder of its own beside the file that `path` means through links; folders
    that killed work left there are deleted. The rights of an old file stay. A device or a pipe is written to directly.
    Raises OSError, also for a folder and for an old file that may not be written.
    """
    given = Path(path)
    target = _target(given)
    if target is None:
        yield given
        return
    part = part or part_of(given)
    _sweep(part.parent.parent)
    with _made(part.parent):
        yield part
        _finish(part, target)


def write(path: str | os.PathLike[str], text: str | bytes) -> None:
    """Write a text in UTF-8, or bytes, as `replacing` does; its folder is made where there is none. Raises OSError."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, part.open("wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other program that asks for this works in the folder meanwhile: for reading a file, changing and writing it.

    The folder is made where it is not there. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        yield


def part_of(path: str | os.PathLike[str]) -> Path:
    """A new place beside a file, for `replacing`; of a device or a pipe, itself."""
    target = _target(Path(path))
    return Path(path) if target is None else target.parent / f"{_PREFIX}{os.urandom(8).hex()}{_SUFFIX}" / target.name


def reason(error: OSError) -> str:
    """What the system says, in the middle of a sentence."""
    return (error.strerror or str(error)).lower()


def cache_folder() -> Path | None:
    """Where this system keeps what programs can make again; None for a user without a home."""
    found = user_folder("cache")
    return found if found.is_absolute() else None


def user_folder(kind: Literal["cache", "config"]) -> Path:
    """Where this system keeps caches, or settings, of a user's programs; relative for a user without a home."""
    if sys.platform == "linux":  # as platformdirs says, which loads a dozen modules for it
        given = os.environ.get(f"XDG_{kind.upper()}_HOME", "")
        return Path(given if os.path.isabs(given) else os.path.expanduser(f"~/.{kind}"), "segql")
    import platformdirs

    if kind == "cache":
        return platformdirs.user_cache_path("segql", appauthor=False, opinion=False)
    return platformdirs.user_config_path("segql", appauthor=False, roaming=True)


def installed(library: str) -> str:
    """Which one is installed, for the key of a cache: its file and the time of that. Versions take longer."""
    found = find_spec(library)
    if found is None or found.origin is None:
        return library
    try:
        return f"{found.origin} {os.stat(found.origin).st_mtime_ns}"
    except OSError:  # in an archive
        return found.origin


def _target(path: Path) -> Path | None:
    """The file that a path means, through links; None for what is no file, or only looks like one."""
    here = Path(os.path.abspath(path))
    for _ in range(_LINKS):
        folder = Path(os.path.realpath(here.parent))
        if folder == Path("/dev") or any(map(folder.is_relative_to, ("/dev/fd", "/proc"))):
            return None  # a name of a stream that is open already, even where that is a file
        here = folder / here.name
        if not here.is_symlink():
            break
        here = folder / os.readlink(here)
    else:
        raise OSError(errno.ELOOP, "Too many links")
    if here.exists():
        mode = here.stat().st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "It is a folder")
        if not stat.S_ISREG(mode):
            return None
        if not os.access(here, os.W_OK):
            raise PermissionError(errno.EACCES, "Permission denied")
    return here


def _finish(part: Path, target: Path) -> None:
    """The part, safe on the disk, in the place of the target."""
    with suppress(OSError):  # a file system may have no rights
        old = target.stat()
        os.chmod(part, stat.S_IMODE(old.st_mode))
        if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
            os.chown(part, old.st_uid, old.st_gid)
    _synced(part)
    os.replace(part, target)
    with suppress(OSError):  # not every system can sync a folder
        _synced(target.parent)


def _delete(folder: Path) -> None:
    import shutil  # here: what only reads its cache needs none of it

    shutil.rmtree(folder, ignore_errors=True)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDWR if path.is_file() and sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":

    @contextmanager
    def _made(folder: Path) -> Iterator[None]:
        folder.mkdir()
        try:
            yield
        finally:
            _delete(folder)

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        yield

    def _sweep(folder: Path) -> None:
        """Nothing: here nobody can tell what is left from what is being written."""

else:
    import fcntl

    @contextmanager
    def _made(folder: Path) -> Iterator[None]:
        """A new folder, until the work is over; marked as in use until its process is."""
        while True:
            folder.mkdir(mode=0o700)
            with suppress(FileNotFoundError):
                handle = os.open(folder, os.O_RDONLY)
                with suppress(OSError):  # not every file system has locks
                    fcntl.flock(handle, fcntl.LOCK_EX)
                if _stands(folder, handle):  # else another took it for left, before it was marked
                    break
                os.close(handle)
        try:
            yield
        finally:
            _delete(folder)
            os.close(handle)

    @contextmanager
    def _locked(folder: Path) -> Iterator[None]:
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _sweep(folder: Path) -> None:
        """Deletes what killed work left in a folder."""
        with suppress(OSError):
            for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
                with suppress(OSError):
                    handle = os.open(left, os.O_RDONLY)
                    try:
                        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        if _stands(left, handle):  # else it is another's new one of that name
                            _delete(left)
                    finally:
                        os.close(handle)

    def _stands(folder: Path, handle: int) -> bool:
        """Whether the name still means the folder that was opened."""
        try:
            return os.path.samestat(folder.stat(), os.fstat(handle))
        except FileNotFoundError:
            return False
