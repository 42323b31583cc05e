"""Our own signature: what dkimpy verifies, what breaks it, and what is signed at all."""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.delivery import dkim
from app.delivery.letter import Stencil
from app.kernel import config
from tests.delivery.letter.golden_mails import golden_mails
from tests.delivery.letter.letters import DATE, MAIL, Person, arrived, headers, letter, message, settings
from tests.delivery.letter.test_stencil import PEOPLE, SHAPES

pytestmark = pytest.mark.needs("dkimpy")
SELECTOR = "rundbrief2026"


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an installation that signs."""
    return {"DKIM_KEY_FILE": str(_key(tmp_path_factory.mktemp("dkim") / "dkim.pem", 2048)), "DKIM_SELECTOR": SELECTOR}


def _key(path: Path, bits: int) -> Path:
    return _write(path, rsa.generate_private_key(65537, bits))


def _write(path: Path, key: Any) -> Path:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return path


@cache
def _record(**signing: str) -> tuple[str, str]:
    return dkim.record(settings(**signing))


def _verifies(content: bytes, signing: dict[str, str]) -> bool:
    import dkim as dkimpy

    name, record = _record(**signing)

    def dns(asked: bytes, timeout: int = 5) -> bytes:
        return record.encode() if asked.decode().rstrip(".") == name else b""

    try:
        return bool(dkimpy.verify(content, dnsfunc=dns))
    except dkimpy.DKIMException:
        return False


@pytest.mark.parametrize("shape", SHAPES)
def test_dkimpy_verifies_every_shape_for_everybody(shape: str, signing: dict[str, str]) -> None:
    changes = dict(SHAPES[shape])
    stencil = Stencil(message(changes.pop("mail", MAIL), **changes), settings(**signing))
    verdicts = {name: _verifies(arrived(stencil.fill(person, DATE)), signing) for name, person in PEOPLE.items()}
    assert verdicts == dict.fromkeys(PEOPLE, True)


def test_dkimpy_verifies_every_mail_of_the_product(signing: dict[str, str]) -> None:
    verdicts = {}
    for name, mail in golden_mails().items():
        kind = "issue" if name.startswith("newsletter/") else "single"
        for person in (Person(), Person(name="Änne Müller", subject_id=None)):
            content = arrived(letter(person, message(mail, kind=kind), **signing))
            verdicts[name, person.name] = _verifies(content, signing)
    assert (len(verdicts) >= 36, set(verdicts.values())) == (True, {True})


def test_dkimpy_verifies_an_address_beyond_ascii(signing: dict[str, str]) -> None:
    assert _verifies(arrived(letter(Person(address="jürgen@straße.example"), **signing)), signing)


ADDED = [
    b"List-Unsubscribe: <https://boese.example/>",
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    b"From: Boese <boese@boese.example>",
    b"Subject: Gewinnspiel",
    b"To: alle@welt.example",
    b"Reply-To: boese@boese.example",
    b"Content-Type: text/plain",
]


@pytest.mark.parametrize("kind", ["issue", "single"])
@pytest.mark.parametrize("field", ADDED, ids=lambda field: field.partition(b":")[0].decode())
def test_a_second_header_breaks_the_signature_wherever_it_is_put(
    field: bytes, kind: str, signing: dict[str, str]
) -> None:
    content = arrived(letter(Person(), message(kind=kind), **signing))
    head, _, body = content.partition(b"\r\n\r\n")
    assert _verifies(content, signing)
    assert not _verifies(field + b"\r\n" + content, signing)
    assert not _verifies(head + b"\r\n" + field + b"\r\n\r\n" + body, signing)


@pytest.mark.parametrize("shape", ["issue", "text_only", "invitation"])
def test_what_is_changed_on_the_way_is_noticed(shape: str, signing: dict[str, str]) -> None:
    changes = dict(SHAPES[shape])
    content = arrived(letter(Person(), message(changes.pop("mail", MAIL), **changes), **signing))
    body = content.index(b"\r\n\r\n") + 4
    letters = [at for at in range(body, len(content)) if content[at : at + 1].isalnum()]
    for at in letters[:: max(1, len(letters) // 10)]:
        other = b"x" if content[at : at + 1] != b"x" else b"y"
        assert not _verifies(content[:at] + other + content[at + 1 :], signing), content[at - 20 : at + 20]
    for name in (b"Date", b"To", b"Message-ID", b"From", b"Subject", b"MIME-Version"):
        assert not _verifies(re.sub(rb"(?m)^" + name + rb": .", name + b": Q", content), signing)


def test_what_servers_may_do_on_the_way_is_forgiven(signing: dict[str, str]) -> None:
    content = arrived(letter(Person(name="Änne Müller"), **signing))
    unfolded = content.replace(b"sign=\r\n", b"").replace(b",\r\n <mailto", b",\t  <mailto").replace(b"To: ", b"to:   ")
    assert _verifies(unfolded, signing)
    assert _verifies(b"Received: from a by b\r\n" + content + b"\r\n\r\n", signing)


def test_the_signature_covers_what_has_to_be_covered(signing: dict[str, str]) -> None:
    fields = dict(headers(arrived(letter(Person(), **signing))))
    tags = dict(tag.strip().split("=", 1) for tag in re.sub(r"\s+", "", fields["DKIM-Signature"]).split(";"))
    assert {name: tags[name] for name in ("v", "a", "c", "d", "i", "s")} == {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": "rundbrief.example",
        "i": "@rundbrief.example",
        "s": SELECTOR,
    }
    signed = tags["h"].split(":")
    present = [name.lower() for name in fields if name != "DKIM-Signature"]
    assert [name for name in present if name not in signed] == []
    assert [name for name in dkim.OVERSIGNED if signed.count(name) != present.count(name) + 1] == []
    assert [tag for tag in ("l", "t", "x") if tag in tags] == []


def test_a_letter_signed_later_is_the_same_letter(signing: dict[str, str]) -> None:
    stencil = Stencil(message(), settings(**signing))
    letters = [stencil.fill(Person(id=number), DATE + timedelta(hours=number)) for number in range(3)]
    assert [_verifies(arrived(one), signing) for one in letters] == [True, True, True]


@pytest.mark.parametrize(
    ("from_", "signed"),
    [
        ("Redaktion <redaktion@rundbrief.example>", True),
        ("Redaktion <redaktion@Rundbrief.Example>", True),
        ("Redaktion <redaktion@news.rundbrief.example>", True),
        ("Partner <info@partner.example>", False),
        ("Partner <info@boeserundbrief.example>", False),
    ],
)
def test_only_mails_from_our_own_domain_are_signed(from_: str, signed: bool, signing: dict[str, str]) -> None:
    content = arrived(letter(Person(), message(from_=from_), **signing))
    assert (b"DKIM-Signature:" in content, _verifies(content, signing)) == (signed, signed)


def test_without_a_key_the_relay_signs() -> None:
    assert b"DKIM-Signature" not in letter(Person()).content


def test_a_key_that_cannot_sign_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "text.pem").write_text("kein Schlüssel")
    wrong = {
        tmp_path / "missing.pem": "cannot be read",
        tmp_path: "cannot be read",
        tmp_path / "text.pem": "openssl genrsa",
        _key(tmp_path / "short.pem", 1024): "at least 2048 bits",
        _write(tmp_path / "curve.pem", ec.generate_private_key(ec.SECP256R1())): "at least 2048 bits",
    }
    for path, said in wrong.items():
        [mistake] = _mistakes(DKIM_KEY_FILE=str(path), DKIM_SELECTOR=SELECTOR)
        assert (mistake.startswith("DKIM_KEY_FILE: "), said in mistake) == (True, True)


@pytest.mark.parametrize("name", ["DKIM_KEY_FILE", "DKIM_SELECTOR"])
def test_key_and_selector_belong_together(name: str, signing: dict[str, str]) -> None:
    assert _mistakes(**{name: signing[name]}) == [
        "DKIM_KEY_FILE and DKIM_SELECTOR belong together. Set both, or none if the relay signs."
    ]


def _mistakes(**environ: str) -> list[str]:
    with pytest.raises(config.SettingsError) as caught:
        config.read({"DEMO": "1", **environ})
    return caught.value.mistakes
