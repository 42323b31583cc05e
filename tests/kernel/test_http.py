"""HTTP out: an answer, or the word that there was none."""

from typing import Any

import pytest

from app.kernel import http
from tests.support.receiver import Receiver


def test_content_and_headers_arrive_as_given(app: Any, receiver: Receiver) -> None:
    with app.app_context():
        answer = http.post(f"{receiver.url}/hook?a=1", b"\x00\xff", {"Content-Type": "application/x", "X-Sign": "s"})
    assert (answer.status, answer.is_success, answer.body) == (200, True, b"{}")
    [request] = receiver.requests
    assert (request.method, request.path, request.body) == ("POST", "/hook?a=1", b"\x00\xff")
    assert (request.headers["content-type"], request.headers["x-sign"]) == ("application/x", "s")


def test_a_redirect_is_an_answer_and_not_followed(app: Any, receiver: Receiver) -> None:
    receiver.answer(302, b"", {"Location": f"{receiver.url}/other"})
    with app.app_context():
        answer = http.post(receiver.url, b"{}", {})
    assert (answer.status, answer.is_success, len(receiver.requests)) == (302, False, 1)


def test_at_most_64_kib_of_an_answer_are_kept(app: Any, receiver: Receiver) -> None:
    receiver.answer(500, b"x" * 200_000)
    with app.app_context():
        answer = http.post(receiver.url, b"{}", {})
    assert (answer.status, len(answer.body)) == (500, 65_536)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://none.invalid/", "nonsense", "http://[::1"])
def test_no_answer_is_unreachable(app: Any, url: str) -> None:
    with app.app_context(), pytest.raises(http.Unreachable):
        http.post(url, b"{}", {}, timeout=2.0)
