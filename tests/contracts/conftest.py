"""What the contracts of the indexes share."""

import pytest


@pytest.fixture
def opened():
    """A list for the index objects that a test makes; they are closed at its end."""
    made = []
    yield made
    for index in made:
        index.close()


@pytest.fixture
def index(make):
    """One of the kind that is tested."""
    return make()
