"""Files that are written whole or not at all, and never in place of a good one that was there."""

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def put_files(contents: Mapping[Path, bytes]) -> None:
    """Write files under their names, all or none: a full disk leaves those that were there.

    Raises:
        OSError: naming the file that could not be written.
    """
    fresh: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            target = path.resolve()  # what a link leads to, not the link
            fresh[target] = target.with_name(f".{secrets.token_hex(8)}.new")
            _write(fresh[target], content)
            with suppress(FileNotFoundError):
                shutil.copymode(target, fresh[target])
        for path, made in fresh.items():
            made.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        for made in fresh.values():
            made.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def make_folder(path: Path) -> None:
    """Make the folder ``path`` where there is none; nobody but its owner can look into it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def kept_secret(path: Path) -> str:
    """Read the key at ``path``; make it first, readable by its owner alone, where there is none."""
    make_folder(path.parent)
    try:
        # O_EXCL: of two processes that start together one makes the key and both use it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except OSError as error:  # an empty file would be taken for a key at the next start
        path.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from None
    return path.read_text(encoding="ascii").strip()


def replace_file(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a machine that stops keeps the old one."""
    fresh = path.with_suffix(".new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
