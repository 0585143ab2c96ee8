"""Array files whose bytes depend only on the arrays, and finding the sources."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def only_wheel(folder: Path, package: str) -> Path:
    """Return the one wheel of ``package`` in ``folder``.

    Raises:
        SystemExit: if there is none, or more than one.
    """
    found = sorted(folder.glob(f"{package}-*.whl"))
    if len(found) != 1:
        raise SystemExit(f"Put exactly one {package} wheel into {folder}; there are {len(found)}.")
    return found[0]


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> int:
    """Write ``arrays`` as a compressed .npz without times; return its size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.save(buffer, arrays[name], allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, buffer.getvalue(), compresslevel=9)
    return path.stat().st_size
