"""Write tables and archives whose bytes depend only on their contents."""

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
from areas_merge import Cells, Ints, cell_parents

EPOCH = (1980, 1, 1, 0, 0, 0)
FINEST = 6


def write_areas(folder: Path, columns: dict[str, np.ndarray], residents: int) -> str:
    """Write ``areas.npz`` and return its version, a short hash of its contents."""
    digest = hashlib.sha256(str(residents).encode())
    for name in sorted(columns):
        digest.update(name.encode() + np.ascontiguousarray(columns[name]).tobytes())
    version = digest.hexdigest()[:12]
    extra = {"residents": np.int64(residents), "version": np.array(version)}
    write_npz(folder / "areas.npz", {**columns, **extra})
    return version


def write_cells(folder: Path, world: Cells, zone: Ints) -> int:
    """Write ``cells.npz``, the run-length table of cells, and return the number of runs.

    Args:
        folder: where to write.
        world: all resolution-6 cells, ascending.
        zone: area id of each, -1 for none.

    ``starts`` holds the first cell of each run without the bits that all resolution-6 cells share
    (25 bits: base cell and six digits), ``zone`` the area of the run.
    """
    first = np.flatnonzero(np.r_[True, np.diff(zone) != 0])
    starts = cell_parents(world[first], FINEST).astype(np.uint32)
    starts[0] = 0
    write_npz(folder / "cells.npz", {"starts": starts, "zone": zone[first].astype(np.int32)})
    return len(first)


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays as a compressed NumPy archive with fixed times and order."""
    members = {}
    for name in sorted(arrays):
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.asarray(arrays[name]), allow_pickle=False)
        members[f"{name}.npy"] = buffer.getvalue()
    write_zip(path, members, zipfile.ZIP_DEFLATED)


def write_zip(path: Path, members: dict[str, bytes], method: int) -> None:
    """Write a zip archive with sorted members, fixed times and the given compression."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = method
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name], compresslevel=9)


def gzipped(text: bytes) -> bytes:
    """Return ``content`` gzipped, without a time in the header."""
    return gzip.compress(text, compresslevel=9, mtime=0)
