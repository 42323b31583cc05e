"""An app without a database: a letter needs the languages and the keys, and nothing else."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def _speaking() -> Iterator[None]:
    from app.factory import create_app
    from tests.delivery.letter.letters import settings

    with create_app(settings()).app_context():
        yield
