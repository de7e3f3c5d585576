"""Facets cover exactly the right bytes, whatever stands before them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kitestring.connectors.bluesky.facets import facets, handles

DIDS = {"hien.bsky.social": "did:plc:hien"}


def covered(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for facet in facets(text, DIDS):
        stretch = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        feature = dict(facet["features"][0])
        found[stretch] = (feature.pop("$type").partition("#")[2], next(iter(feature.values())))
    return found


def test_links_mentions_and_tags_behind_wide_letters() -> None:
    text = "👨‍👩‍👧 新茶 @Hien.bsky.social xem hien.vn/menu, https://a.vn/b#c #cà_phê #123 @ai.test"
    assert covered(text) == {
        "@Hien.bsky.social": ("mention", "did:plc:hien"),
        "hien.vn/menu": ("link", "https://hien.vn/menu"),
        "https://a.vn/b#c": ("link", "https://a.vn/b#c"),
        "#cà_phê": ("tag", "cà_phê"),
    }


def test_a_tag_too_long_for_the_network_stays_text() -> None:
    assert covered("#" + "a" * 64) != {}
    assert covered("#" + "a" * 65) == {}


def test_handles_are_asked_for_once_each() -> None:
    assert handles("@a.test @A.test @b.test @khong và mail x@c.test") == ["a.test", "b.test"]


@given(
    st.lists(
        st.sampled_from(
            ["茶 ", "👨‍👩‍👧", "e\u0301 ", "@a.test ", "https://a.vn/x ", "#trà ", "\n", "$1.500 "]
        )
    )
)
def test_every_stretch_is_whole_letters(pieces: list[str]) -> None:
    text = "".join(pieces)
    for facet in facets(text, {"a.test": "did:plc:a"}):
        stretch = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        assert stretch in {"@a.test", "https://a.vn/x", "#trà"}
