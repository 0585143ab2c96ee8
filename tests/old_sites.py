"""Databases of earlier versions of the program, as the steps up to then made them."""

from typing import Any

from alembic import command
from sqlalchemy import Engine, MetaData

from mapapp.store.database import FOR_WRITING
from mapapp.store.migrate import alembic_config

Values = dict[str, Any]


def upgrade_to(engine: Engine, step: str) -> None:
    """Make the tables of an empty database as they were after ``step``."""
    with engine.connect().execution_options(**FOR_WRITING) as connection, connection.begin():
        command.upgrade(alembic_config(connection), step)


def insert(engine: Engine, rows: dict[str, list[Values]]) -> None:
    """Put rows into tables as they are in the database, whatever the code says."""
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=list(rows))
        for name, values in rows.items():
            for row in values:
                connection.execute(tables.tables[name].insert().values(**row))
