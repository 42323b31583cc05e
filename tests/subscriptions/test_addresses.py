"""Addresses: read as email-validator and RFC 5321, 5891, 6531 say; what looks wrong is asked back, never refused."""

import unicodedata

import email_validator
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app import delivery
from app.kernel.errors import Invalid
from app.subscriptions.addresses import Doubt, Question, is_one_slip, meant_domain, question
from app.subscriptions.rules import read_address

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
DOMAINS = (
    "stadt.example",
    "GÖRLITZ.example",
    "xn--grlitz-wxa.example",
    "straße.example",
    "例え.example",
    "b" * 60 + ".de",
)
plain = st.lists(st.text(alphabet=LETTERS + "_-+'", min_size=1, max_size=30), min_size=1, max_size=3).map(".".join)
foreign = st.text(alphabet=LETTERS + "äöüßéñжλİΣς例", min_size=1, max_size=30)
quoted = st.text(alphabet=LETTERS + ' "@\\', min_size=1, max_size=12).map(lambda text: f'"{text}"')
odd = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=70)
labels = st.lists(st.text(alphabet=LETTERS + "-äöüßéжλ", min_size=1, max_size=70), min_size=1, max_size=6).map(".".join)
good = st.builds("{}@{}".format, st.one_of(plain, foreign), st.sampled_from(DOMAINS))
any_ = st.one_of(good, st.builds("{}@{}".format, st.one_of(plain, quoted, odd), st.one_of(labels, odd)), odd)


def _reference(typed: str) -> email_validator.ValidatedEmail | None:
    """What our library says, and the octets of RFC 5321 and 6531 where it counts letters."""
    try:
        found = email_validator.validate_email(typed, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return None
    mailbox = f"{found.local_part}@{found.ascii_domain}".encode()
    return found if len(found.local_part.encode()) <= 64 and len(mailbox) <= 254 else None


@given(any_)
@example("a" * 64 + "@stadt.example")
@example("a" * 65 + "@stadt.example")
@example("ä" * 32 + "@stadt.example")
@example("ä" * 33 + "@stadt.example")
@example("a@" + ".".join(["b" * 60] * 4) + ".example")
@example("a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".examp")
@example("klara@stadt.example.")
@example('"klara"@stadt.example')
@example("klara@[192.0.2.1]")
@example("Klara Muster <klara@stadt.example>")
@example("klara@stadt.example\r\nBcc: x@y.example")
def test_exactly_what_the_reference_takes_is_an_address(typed: str) -> None:
    reference = _reference(typed)
    if reference is None:
        with pytest.raises(Invalid):
            read_address(typed)
        return
    read = read_address(typed)
    assert read.mailbox == f"{reference.local_part}@{reference.ascii_domain}"
    assert read.mailbox.rpartition("@")[2].isascii()


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("a" * 64 + "@stadt.example", True),
        ("a" * 65 + "@stadt.example", False),
        ("ä" * 32 + "@stadt.example", True),
        ("ä" * 33 + "@stadt.example", False),
        ("a" * 62 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".example", True),
        ("a" * 64 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".example", False),
    ],
)
def test_octets_count_not_letters(typed: str, taken: bool) -> None:
    assert (_reference(typed) is not None) is taken


@given(good)
def test_an_address_is_recognised_again_however_it_is_written(typed: str) -> None:
    assume(_reference(typed) is not None)
    read = read_address(typed)
    assert delivery.address_key(read.mailbox) == read.key
    again = read_address(read.mailbox)
    assert (again.mailbox, again.key) == (read.mailbox, read.key)
    local, _, domain = typed.rpartition("@")
    if local.isascii() and domain.isascii():
        for other in (typed.upper(), typed.lower(), f"{local}@{domain.swapcase()}"):
            assert read_address(other).key == read.key


@given(st.text(alphabet=LETTERS + "äöüßéñж", min_size=1, max_size=20), st.sampled_from(["görlitz", "bücher", "maße"]))
def test_composed_and_decomposed_letters_are_one_address(local: str, label: str) -> None:
    written = {unicodedata.normalize(form, f"{local}@{label}.example") for form in ("NFC", "NFD")}
    assert len({read_address(typed).key for typed in written}) == 1


@given(st.text(alphabet=LETTERS, min_size=1, max_size=20), st.text(alphabet=LETTERS, min_size=1, max_size=20))
def test_dots_and_what_follows_a_plus_make_another_mailbox(left: str, right: str) -> None:
    written = (left + right, f"{left}.{right}", f"{left}+{right}")
    keys = {read_address(f"{local}@stadt.example").key for local in written}
    assert len(keys) == 3


@given(any_)
def test_a_question_about_any_input_is_one_question_and_ends(typed: str) -> None:
    asked = question(typed)
    if asked is None:
        return
    assert _reference(typed) is not None
    if asked.suggestion and _reference(asked.suggestion) is not None:
        further = question(asked.suggestion)
        assert further is None or further.suggestion != typed


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("klara@gmial.com", "klara@gmail.com"),
        ("klara@gmail.con", "klara@gmail.com"),
        ("klara@gmai.com", "klara@gmail.com"),
        ("klara@gmail.de", "klara@gmail.com"),
        ("klara@t-onlin.de", "klara@t-online.de"),
        ("klara@wbe.de", "klara@web.de"),
        ("klara@gxm.de", "klara@gmx.de"),
        ("klara@posteo.dee", "klara@posteo.de"),
        ("klara@stadt-musterhausen.ed", "klara@stadt-musterhausen.de"),
        ("klara@musterverbnad.de", "klara@musterverband.de"),
    ],
)
def test_a_slip_is_asked_about(typed: str, suggestion: str) -> None:
    assert question(typed, ["musterverband.de"]) == Question(Doubt.SLIP, suggestion)


@pytest.mark.parametrize(
    "typed",
    [
        *(f"klara@{domain}" for domain in ("gmail.com", "gmx.de", "gmx.net", "web.de", "wer.de", "mail.de")),
        "poststelle@stadt-goerlitz.de",
        "klara@görlitz.de",
        "klara@xn--grlitz-wxa.de",
        "клара@пример.рф",
        "κλάρα@παράδειγμα.ελ",
        "klara@grün-weiß.de",
        "kein",
        "",
    ],
)
def test_nothing_is_asked_where_nothing_is_odd(typed: str) -> None:
    assert question(typed) is None


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("klаra@stadt.de", "klara@stadt.de"),  # Cyrillic а
        ("klara@ѕtadt.de", "klara@stadt.de"),  # Cyrillic ѕ
        ("klara@οzg.de", "klara@ozg.de"),  # Greek ο
        ("klara@ѕаха.de", "klara@saxa.de"),  # all Cyrillic, all look Latin
        ("ｋlara@stadt.de", "klara@stadt.de"),  # full width
        ("klaraж@stadt.de", ""),  # mixed, and nobody can say what is meant
    ],
)
def test_letters_that_look_like_others_are_asked_about(typed: str, suggestion: str) -> None:
    assert question(typed) == Question(Doubt.LOOKALIKE, suggestion)


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_one_slip_is_one_edit_whichever_way_one_looks(left: str, right: str) -> None:
    assert is_one_slip(left, right) == is_one_slip(right, left)
    assert not is_one_slip(left, left)


@given(st.sampled_from(["gmail.com", "t-online.de", "posteo.de"]), st.data())
def test_any_single_swap_in_a_well_known_name_leads_back_to_it(domain: str, data: st.DataObject) -> None:
    name = domain.partition(".")[0]
    place = data.draw(st.integers(0, len(name) - 2))
    swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :] + domain[len(name) :]
    assume(swapped != domain)
    assert meant_domain(swapped, {"gmail.com", "t-online.de", "posteo.de"}) == domain
