"""Here bounces have a mailbox of their own."""

from collections.abc import Callable
from typing import Any

import pytest

BOUNCES = "bounces@rundbrief.example"


@pytest.fixture
def app(database_url: str, make_app: Callable[..., Any]) -> Any:
    """An app whose mails return to BOUNCES."""
    return make_app(database_url, BOUNCE_ADDRESS=BOUNCES)
