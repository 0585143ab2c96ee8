"""scripts/new_migration.py writes the step from the released tables to those of the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEMBERS = Path("mapapp") / "store" / "members.py"
NEW_COLUMNS = """\
    shoe: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    left_for: Mapped[HiddenReason] = mapped_column(FlagSet(HiddenReason), server_default="0")
"""
LAST_COLUMN = "    silenced_until: Mapped[date | None] = mapped_column(Date)\n"


def test_new_columns_become_the_next_step(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "mapapp", tmp_path / "mapapp")
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "new_migration.py", tmp_path / "scripts")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    classes = (tmp_path / MEMBERS).read_text()
    assert LAST_COLUMN in classes
    (tmp_path / MEMBERS).write_text(classes.replace(LAST_COLUMN, LAST_COLUMN + NEW_COLUMNS))
    before = len(list((ROOT / "mapapp/store/migrations/versions").glob("r*.py")))

    subprocess.run(
        [sys.executable, "scripts/new_migration.py", "Add the size of shoes"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        timeout=60,
    )

    (made,) = (tmp_path / "mapapp/store/migrations/versions").glob(f"r{before + 1:04d}_*.py")
    assert made.name.endswith("_add_the_size_of_shoes.py")
    written = made.read_text()
    assert written.startswith('"""Add the size of shoes"""')
    assert f'down_revision = "r{before:04d}"' in written
    assert written.count("batch_op.") == 4  # it adds and drops these columns, and does nothing else
    assert 'sa.Column("shoe", sa.Integer()' in " ".join(written.split())
    # The step does not change when our class does.
    assert 'sa.Column("left_for", sa.SmallInteger()' in " ".join(written.split())
