"""Which rows a page shows."""

import pytest

from app.kernel.paging import part


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [
        (1, 0, (1, 1, 0)),
        (1, 50, (1, 1, 0)),
        (2, 51, (2, 2, 50)),
        (3, 51, (2, 2, 50)),
        (0, 51, (1, 2, 0)),
        (-5, 51, (1, 2, 0)),
        (10**30, 151, (4, 4, 150)),
    ],
)
def test_a_page_is_one_that_there_is(number: int, total: int, shown: tuple[int, int, int]) -> None:
    found = part(number, total, 50)
    assert (found.number, found.pages, found.first) == shown
