"""Knocking at a mail server: what the doctor hears before any mail is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.delivery import smtp as face
from app.delivery.smtp import TransportDown
from tests.support.nasty import DROP, NastyServer
from tests.support.relay import Relay, make_certificate


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(params=["smtp", "smtps"])
def relay(request: pytest.FixtureRequest, certificate: Path) -> Iterator[str]:
    running = Relay(certificate, implicit=request.param == "smtps")
    yield f"{request.param}://redaktion:geheim%2Fwort@localhost:{running.port}"
    running.stop()


def test_a_server_that_lets_us_in_says_what_it_offers(relay: str, certificate: Path) -> None:
    offer = face.knock(relay, str(certificate))
    assert (offer.pipelining, offer.auth) == (True, {"PLAIN"})


def test_a_wrong_password_is_told_in_the_words_of_the_server(relay: str, certificate: Path) -> None:
    with pytest.raises(TransportDown, match=r"535 5\.7\.8 wrong"):
        face.knock(relay.replace("geheim", "falsch"), str(certificate))


def test_a_certificate_that_nobody_vouches_for_is_told(relay: str) -> None:
    with pytest.raises(TransportDown, match="certificate verify failed"):
        face.knock(relay)


@pytest.mark.parametrize(("greeting", "said"), [("554 go away", "554 go away"), (DROP, "hung up|reset")])
def test_a_server_that_does_not_want_us_is_told(greeting: str, said: str) -> None:
    server = NastyServer(script={"greeting": [greeting]})
    server.start()
    with pytest.raises(TransportDown, match=said):
        face.knock(server.url)
    server.stop()


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(TransportDown, match="refused"):
        face.knock("smtp://127.0.0.1:1")
