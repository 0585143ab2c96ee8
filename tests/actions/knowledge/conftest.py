"""What tests of questions, answers and stories are given."""

import pytest

from mapapp.store.members import Member
from tests.posts import Board


@pytest.fixture
def wren(board: Board) -> Member:
    """A member on the map of dystonia, who writes in most tests."""
    return board.somebody(pseudonym="Wren")


@pytest.fixture
def robin(board: Board) -> Member:
    """Another member on the same map, who reads in most tests."""
    return board.somebody(pseudonym="Robin")
