"""The Nu HTML checker, which judges any number of pages in one run."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

STYLES = "CSS: "
"""It knows fewer properties than browsers do; Biome judges our styles."""
JAR = Path(__file__).parents[2] / "tools/node_modules/vnu-jar/build/dist/vnu.jar"
GET_JAVA = "Java is missing. Get it with: apt-get install default-jre-headless"
GET_JAR = "The HTML checker is missing. Get it with: scripts/get-html-checker (needs npm)"


def need_checker() -> None:
    """Skip the test if the checker cannot run; where it is decided what lands, fail it."""
    missing = GET_JAVA if shutil.which("java") is None else "" if JAR.exists() else GET_JAR
    if missing:
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


def errors_of(pages: dict[str, str], folder: Path) -> list[str]:
    """Return what is wrong with pages, by what names them: each fault once, with one page."""
    names = dict(enumerate(pages))
    for number, page in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
    # Bytecode that is only interpreted would take three times as long to begin.
    command = ["java", "-XX:TieredStopAtLevel=1", "-Xss2m", "-jar", str(JAR)]
    done = subprocess.run(
        [*command, "--format", "json", "--errors-only", "--exit-zero-always", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = {}
    for said in json.loads(done.stderr)["messages"]:
        if said["message"].startswith(STYLES):
            continue
        name = names[int(Path(said["url"]).stem)]
        where = f"{name}: …{said.get('extract', '')}…"
        found.setdefault(said["message"], where)
    return [f"{message} {where}" for message, where in found.items()]
