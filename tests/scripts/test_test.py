"""scripts/test reports at the end what it could not run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "test"


@pytest.mark.parametrize("code", [0, 1])
def test_what_was_not_run_is_said_last(tmp_path: Path, code: int) -> None:
    programs = tmp_path / "programs"
    for folder in (programs, tmp_path / "scripts", tmp_path / ".venv" / "bin"):
        folder.mkdir(parents=True)
    shutil.copy(SCRIPT, tmp_path / "scripts" / "test")
    (tmp_path / "scripts" / "environment.sh").write_text("make_environment() { :; }\n")
    (programs / "dirname").symlink_to(shutil.which("dirname") or "")
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\necho tested >&2\nexit {code}\n")
    python.chmod(0o755)
    # No program of these is on this path; a server is named, so that PostgreSQL counts as there.
    variables = {**os.environ, "PATH": str(programs), "MAPAPP_TEST_POSTGRES": "postgresql://x/y"}
    done = subprocess.run(
        ["/bin/sh", tmp_path / "scripts" / "test"],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code
    words = done.stderr.splitlines()
    assert words[0].startswith("Chromium is missing")
    assert words[1].startswith("GDAL is missing")
    assert words[2].startswith("LibreOffice is missing")
    assert words[3].startswith("The HTML checker is missing")
    assert words[4] == "tested"
    assert words[-1] == (
        "Not run: the tests in a browser (apt-get install chromium-headless-shell). the tests with"
        " GDAL (apt-get install gdal-bin). the tests with LibreOffice (apt-get install"
        " libreoffice-calc-nogui). the test of all HTML (apt-get install default-jre-headless npm,"
        " then scripts/get-html-checker)."
    )
