"""A link that leads nowhere can mostly be seen from its address."""

import pytest

from app.kernel.text import looks_dead


@pytest.mark.parametrize(
    ("href", "dead"),
    [
        ("https://www.amt24.sachsen.de/x", False),
        ("http://musterstadt.example:8080/a b", True),
        ("https://amt24", True),
        ("https://intern.local/x", True),
        ("https://www.example.com/", True),
        ("https://example.com", True),
        ("https://anexample.com", False),
        ("https://amt24.de.", False),
        ("https://[::1", True),
        ("mailto:a@amt.example", False),
        ("tel:110", True),
    ],
)
def test_a_link_that_leads_nowhere_is_seen_from_its_address(href: str, dead: bool) -> None:
    assert looks_dead(href) is dead
