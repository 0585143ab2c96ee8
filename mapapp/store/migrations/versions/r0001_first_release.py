"""The tables of the first release.

The ``r`` stands for released: the steps of the time before were called 0001 to 0006, and no step
may be taken for one of them.
"""

from mapapp.store.migrations.first_release import accounts, contact, knowledge, members, site

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for tables in (members, accounts, contact, knowledge, site):
        tables.upgrade()


def downgrade() -> None:
    # To go on from here would mean to delete every member and every word they wrote.
    raise RuntimeError("Nothing comes before the first release. For an empty site, make a new one.")
