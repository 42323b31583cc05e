"""Tokens: drawn ones are stored as a hash, derived ones not at all."""

from collections.abc import Iterator

import pytest

from app.kernel import tokens


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    before = tokens._keyring
    tokens.use(tokens.Keyring("heute"))
    yield
    tokens.use(before)


def test_a_drawn_token_has_256_bits_and_only_its_hash_is_stored() -> None:
    one, other = tokens.draw(), tokens.draw()
    assert (len(one.token), len(one.digest)) == (43, 64)
    assert one.token != other.token
    assert tokens.digest(one.token) == one.digest


def test_a_derived_token_names_what_it_was_derived_for() -> None:
    token = tokens.derive("unsubscribe", 12, generation=3)
    assert token == tokens.derive("unsubscribe", 12, generation=3)
    assert tokens.read("unsubscribe", token) == tokens.Derived(12, 3)
    assert tokens.read("unsubscribe", f" {token.upper()}\n") == tokens.Derived(12, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1],
        lambda token: token + "a",
        lambda token: token.replace("12-", "13-", 1),
        lambda token: token.replace("12-3", "12-4", 1),
        lambda token: token.replace("12-", "012-", 1),
        lambda token: token.rpartition("-")[2],
        lambda token: "",
        lambda token: "²-³-x",
    ],
)
def test_a_token_that_was_changed_names_nothing(change: object) -> None:
    token = tokens.derive("unsubscribe", 12, generation=3)
    assert callable(change)
    with pytest.raises(tokens.BadToken, match="unvollständig"):
        tokens.read("unsubscribe", change(token))


def test_a_token_for_one_purpose_is_none_for_another() -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read("preferences", tokens.derive("unsubscribe", 12))


def test_older_keys_still_verify_but_no_longer_sign() -> None:
    token = tokens.derive("unsubscribe", 12)
    tokens.use(tokens.Keyring("morgen", ("heute",)))
    assert tokens.read("unsubscribe", token) == tokens.Derived(12, 1)
    assert tokens.derive("unsubscribe", 12) != token
    tokens.use(tokens.Keyring("übermorgen", ("morgen",)))
    with pytest.raises(tokens.BadToken):
        tokens.read("unsubscribe", token)


@pytest.mark.parametrize("token", ["1-1-ü", "\u0661-1-aa", "1-1-\udcff"], ids=["letter", "digit", "half a pair"])
def test_a_token_with_letters_beyond_ascii_is_none_of_ours(token: str) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read("unsubscribe", token)


def test_a_keyed_hash_stands_for_a_value_and_older_keys_still_find_it() -> None:
    before = tokens.keyed_hash("suppression", "anna@amt.example")
    assert len(before) == 64
    assert before != tokens.keyed_hash("erasure", "anna@amt.example")
    tokens.use(tokens.Keyring("morgen", ("heute",)))
    assert tokens.keyed_hashes("suppression", "anna@amt.example") == (
        tokens.keyed_hash("suppression", "anna@amt.example"),
        before,
    )


@pytest.mark.parametrize("id_", [0, 1, 4711, 10**12])
@pytest.mark.parametrize("generation", [1, 2, 10**6])
def test_tokens_for_many_are_the_same_as_one_by_one(id_: int, generation: int) -> None:
    derived = tokens.stamp("unsubscribe")(id_, generation)
    assert derived.decode() == tokens.derive("unsubscribe", id_, generation)
    assert tokens.stamp("preferences")(id_, generation) != derived
