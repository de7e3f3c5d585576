"""Ids, signatures and the letters they are shown in, on the documents' own examples."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectors.nostr import bech32
from kitestring.connectors.nostr.events import Event, Key

# NIP-19, "Examples" and "Bare keys and ids".
NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
NSEC = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
NPROFILE = (
    "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhk"
    "g6nzv9ejuumpv34kytnrdaksjlyr9p"
)


def test_the_documents_own_keys() -> None:
    assert bech32.key_of(NPUB, "npub") == "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    assert Key(NSEC).secret == "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa"
    assert Key(NSEC).pubkey == "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e"
    assert bech32.npub(Key(NSEC).pubkey) == NPUB
    assert bech32.special(NPROFILE) == "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d"


def test_a_signature_is_that_of_the_standard() -> None:
    """BIP-340, test vector 0: key 3, message of zeros, no randomness."""
    key = Key("0" * 63 + "3")
    assert key.pubkey == "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
    signed = key._private.sign_schnorr(bytes(32), bytes(32)).hex()
    assert signed == (
        "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
        "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nsec1",
        NPUB,
        NSEC[:-1] + "q",
        NSEC.replace("v", "b"),
        "0" * 64,
        "f" * 64,
        "zz" * 32,
        "12" * 31,
        "nsec1☃",
    ],
)
def test_what_is_no_key_is_none(typed: str) -> None:
    with pytest.raises(ValueError):
        Key(typed)


def test_upper_case_and_blanks_around_a_key_are_fine() -> None:
    assert Key(f"  {NSEC.upper()}\n").secret == Key(NSEC).secret


@given(st.binary(min_size=1, max_size=60))
def test_letters_there_and_back(data: bytes) -> None:
    assert bech32.decode(bech32.encode("note", data)) == ("note", data)


@given(st.integers(5, 57), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_one_wrong_letter_is_noticed(place: int, letter: str) -> None:
    if NSEC[place] == letter:
        return
    with pytest.raises(ValueError):
        bech32.decode(NSEC[:place] + letter + NSEC[place + 1 :])


def test_an_event_with_its_places_and_its_author() -> None:
    name = bech32.nevent("ab" * 32, ["wss://a.example"], "cd" * 32, 30023)
    prefix, data = bech32.decode(name)
    assert prefix == "nevent"
    assert data == (
        b"\0\x20"
        + b"\xab" * 32
        + b"\x01\x0fwss://a.example"
        + b"\x02\x20"
        + b"\xcd" * 32
        + b"\x03\x04\0\0\x75\x47"
    )
    assert bech32.special(name) == "ab" * 32


@given(st.text(max_size=200), st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=3), max_size=4))
def test_the_same_event_twice_is_the_same_and_another_is_not(content: str, tags: list[list[str]]) -> None:
    key = Key(NSEC)
    one, two = (key.sign(1, content, tags, 1_700_000_000) for _ in range(2))
    assert one == two
    assert Event.read(one.body()) == one
    assert key.sign(1, content, tags, 1_700_000_001).id != one.id


def test_what_nobody_signed_is_nothing() -> None:
    event = Key(NSEC).sign(1, "Trà", [["t", "trà"]], 1)
    for lie in (
        replace(event, content="Trà!"),
        replace(event, sig="00" * 64),
        replace(event, pubkey="11" * 32),
        replace(event, id="22" * 32),
        replace(event, sig="zz"),
    ):
        assert Event.read(lie.body()) is None
    for noise in (
        None,
        [],
        {},
        {"tags": 1},
        {**event.body(), "created_at": "x"},
        {**event.body(), "tags": [1]},
    ):
        assert Event.read(noise) is None


def test_the_id_is_made_of_the_letters_the_document_names() -> None:
    """NIP-01: line breaks, tabs, quotes and back-slashes are escaped, everything else stands verbatim."""
    made = Key(NSEC).sign(1, 'a\n"b"\\\t新茶 🍵/', [["t", "trà"]], 1_700_000_000)
    written = f'[0,"{made.pubkey}",1700000000,1,[["t","trà"]],"a\\n\\"b\\"\\\\\\t新茶 🍵/"]'
    assert made.id == sha256(written.encode()).hexdigest()
