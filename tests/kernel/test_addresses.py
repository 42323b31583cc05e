"""Addresses: the domain as it goes over the wire, and by what two spellings are recognised as one."""

import pytest

from app.delivery import address_key
from app.kernel.mail.addresses import ascii_domain, wire_mailbox


@pytest.mark.parametrize(
    ("written", "wire"),
    [
        ("amt.example", "amt.example"),
        ("Amt.Example", "Amt.Example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("strasse.example", "strasse.example"),
        ("GÖRLITZ.example", "xn--grlitz-wxa.example"),
        ("日本。example", "xn--wgv71a.example"),
        ("_dmarc.amt.example", "_dmarc.amt.example"),
    ],
)
def test_a_domain_is_written_in_a_labels(written: str, wire: str) -> None:
    assert ascii_domain(written) == wire


@pytest.mark.parametrize("domain", ["", ".", "amt..example", "-amt.example", "amt example", "[127.0.0.1]", "ä" * 64])
def test_a_domain_that_does_not_exist_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        ascii_domain(domain)


def test_a_trailing_dot_is_no_address() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        wire_mailbox("anna@amt.example.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna@Amt.example", "anna@amt.example", True),
        ("anna@görlitz.example", "anna@XN--GRLITZ-WXA.example", True),
        ("anna@straße.example", "anna@strasse.example", False),
        ("jürgen@amt.example", "JÜRGEN@amt.example", True),
        ("anna@amt", "anna@amt ", True),
        ("no address", "NO ADDRESS", True),
    ],
)
def test_two_spellings_of_one_address_are_recognised(one: str, other: str, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same
