"""Programs of other people that tests call."""

import os
import shutil

import pytest


def program(name: str, package: str, *, always: bool = True) -> str:
    """Return the path of a program; without it skip, and fail where all of them must be.

    Args:
        package: of Debian, which has it.
        always: whether the machine that decides what lands has it.
    """
    found = shutil.which(name)
    if found is None:
        missing = f"{name} is missing. Get it with: apt-get install {package}"
        pytest.fail(missing) if always and os.environ.get("CI") else pytest.skip(missing)
    return found
