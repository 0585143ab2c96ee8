"""Write the next migration from the difference between the tables and the migrations so far.

Usage: scripts/new_migration.py "Add a column for …"
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from mapapp.store.database import make_engine
from mapapp.store.migrate import alembic_config, upgrade

VERSIONS = Path(__file__).parents[1] / "mapapp" / "store" / "migrations" / "versions"


def main(message: str) -> None:
    """Write the migration; read it before you commit it."""
    number = f"r{len(list(VERSIONS.glob('r[0-9]*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.sqlite")
        upgrade(engine)
        with engine.begin() as connection:
            command.revision(alembic_config(connection), message, autogenerate=True, rev_id=number)
        engine.dispose()
    for act in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *act, str(VERSIONS)], check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
