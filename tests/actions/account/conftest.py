"""What tests of accounts are given."""

import pytest
from sqlalchemy.orm import Session

from mapapp.settings import Settings
from tests.yearly import Year


@pytest.fixture
def year(session: Session, settings: Settings) -> Year:
    """A world in which Wren joined a year before the question."""
    made = Year(session, settings)
    made.come()
    return made
