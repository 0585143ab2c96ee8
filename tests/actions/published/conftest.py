"""What tests of publishing share."""

import pytest

from mapapp.settings import Settings


@pytest.fixture
def daily(settings: Settings) -> Settings:
    """The settings of a site that publishes at four in the morning."""
    return settings.model_copy(update={"publish": "daily@04:00"})
