"""A text made into parts: where the writer drew a line, where it is too long, and with room for what is added."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.connectorkit import graphemes
from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectorkit.sequences import Part, has_lines, parts_of

LINK = "https://vidu.example/tra-sen"
NAMED = {"en": "x", "zh-hans": "x", "vi": "x"}
READ = {"source": "a test", "checked_on": date(2026, 11, 21)}


def channel(head: int = 60, later: int = 60, unit: str = "grapheme", **more: Any) -> Manifest:
    """A channel that carries sequences."""
    kind = {"key": "post", "label": NAMED, "text": {"limit": head, "unit": unit, **READ}}
    return Manifest.model_validate(
        {
            "slug": "lantern", "name": NAMED, "provider": "p", "mode": "api", "duplicate_safety": "none",
            "auth": {"kind": "none"}, "kinds": [kind], "look": {"shape": "feed", "colour": "#000000"},
            "reply": {**kind, "key": "reply", "text": {"limit": later, "unit": unit, **READ}},
            "sequence": {"most": 4, **READ}, "first_comment": READ, **more,
        }
    )  # fmt: skip


def cut(text: str, manifest: Manifest | None = None, **more: Any) -> list[str]:
    manifest = manifest or channel()
    return parts_of(manifest, manifest.kinds[0], text, **more)


def kind_of(manifest: Manifest) -> PublishKind:
    return manifest.kinds[0]


def test_what_fits_is_one_part() -> None:
    assert cut("Trà sen về quán.") == ["Trà sen về quán."]
    assert cut("") == [""]
    assert cut("\n---\n") == ["\n---\n"]


def test_a_line_of_only_three_dashes_parts_the_text_and_nothing_else_does() -> None:
    assert cut("Một\n---\nHai\n\n  ---  \n\nBa\n---") == ["Một", "Hai", "Ba"]
    assert cut("a --- b\n----\n— —") == ["a --- b\n----\n— —"]
    assert has_lines("a\n---\nb")
    assert not has_lines("a --- b")


def test_what_is_too_long_is_cut_at_a_sentence_and_never_inside_anything() -> None:
    found = cut("今天的新茶到店了，欢迎来尝。" * 6)
    assert len(found) > 1
    assert all(part.endswith("。") for part in found)
    long = f"{'a' * 50} {LINK} @quan.example {'👨‍👩‍👧‍👦' * 20}"
    assert "".join("".join(cut(long)).split()) == "".join(long.split())
    assert any(LINK in part for part in cut(long))


def test_the_head_and_what_follows_keep_each_its_own_limit() -> None:
    manifest = channel(head=20, later=100)
    found = cut("Một hai ba. " * 12, manifest)
    assert len(found[0]) <= 20
    assert max(map(len, found[1:])) > 20


def test_room_is_kept_for_the_link_that_closes_the_head_unless_it_stands_there() -> None:
    text = "x " * 25
    assert len(cut(text)) == 1
    first, *rest = cut(text, link=LINK)
    assert len(f"{first}\n\n{LINK}") <= 60
    assert rest
    assert cut(f"Xem {LINK}", link=LINK) == [f"Xem {LINK}"]
    never = channel(sequence={"most": 4, "link": "with_media", **READ})
    assert len(cut(text, never, link=LINK)) == 1
    assert len(cut(text, never, link=LINK, pictures=True)) == 2


def test_numbers_are_counted_in() -> None:
    found = cut("Một hai ba bốn năm. " * 8, numbered=True)
    assert [part.rpartition("\n\n")[2] for part in found] == [
        f"{n}/{len(found)}" for n in range(1, len(found) + 1)
    ]
    assert all(len(part) <= 60 for part in found)
    assert cut("Ngắn", numbered=True) == ["Ngắn"]


def test_a_link_longer_than_a_part_stays_whole_and_is_told() -> None:
    manifest = channel()
    long = f"{LINK}/{'a' * 80}"
    assert cut(f"Một\n---\n{long}", manifest) == ["Một", long]


def test_what_stands_around_a_single_thing_that_is_too_long_is_cut_all_the_same() -> None:
    long = f"{LINK}/{'a' * 80}"
    words = "Mời bạn ghé quán uống trà sen với chúng tôi nhé. " * 3
    for manifest in (channel(), channel(later=50)):
        found = cut(f"{words}{long} {words}", manifest)
        assert [part for part in found if len(part) > 60] == [long]
        assert len(found) > 6
    for name in ("@张三", "#春茶"):
        found = cut(f"{words}{name}{'欢迎大家来喝茶' * 20}。{words}")
        assert all(len(part) <= 60 for part in found)


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("aớ茶 \n.。-👍🏽h"), max_size=300),
    st.sampled_from(["grapheme", "utf16", "utf8", "weighted", "cjk_half"]),
    st.booleans(),
)
def test_every_part_fits_and_no_word_is_lost(text: str, unit: str, numbered: bool) -> None:
    manifest = channel(head=80, later=64, unit=unit)
    assert manifest.reply is not None
    found = cut(text, manifest, numbered=numbered)
    if len(found) > 1:
        limits = [kind_of(manifest).text, *[manifest.reply.text] * (len(found) - 1)]
        over = [p for p, limit in zip(found, limits, strict=True) if not measure(p, limit).fits]
        assert all(graphemes.number(part.partition("\n\n")[0]) == 1 for part in over)
    bare = [part.rpartition("\n\n")[0] if numbered and len(found) > 1 else part for part in found]
    kept = "".join("".join(bare).split())
    written = "".join("\n".join(line for line in text.split("\n") if line.strip(" \t") != "---").split())
    assert kept == written or (len(found) == 1 and kept == "".join(text.split()))


@pytest.mark.parametrize(
    ("parts", "reason", "field", "said"),
    [
        ([("head", "x" * 61), ("part", "b")], "too_long", "text", "Part 1: The text is 1 too long"),
        ([("head", "a"), ("part", "x" * 63)], "too_long", "parts.1", "Part 2: The text is 3 too long"),
        ([("head", "a"), ("comment", "x" * 61)], "too_long", "parts.1", "First comment: The text is 1 too long"),
        ([("head", "x" * 61), ("comment", "b")], "too_long", "text", "The text is 1 too long"),
        ([("head", "a"), *[("part", "b")] * 4], "parts_too_many", "parts", "This makes a thread of 5 posts; at most 4"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_part(parts: list[tuple[Any, str]], reason: str, field: str, said: str) -> None:
    found = problems(channel(), "post", "the whole of it", parts=[Part(role, text) for role, text in parts])
    assert [(p.reason, p.field) for p in found] == [(reason, field)]
    assert found[0].sentence.startswith(said)


def test_a_thread_is_a_cure_only_where_it_is_one() -> None:
    [told] = problems(channel(), "post", "x" * 61)
    assert "split it into a thread" in told.sentence
    [told] = problems(channel(sequence=None), "post", "x" * 61)
    assert told.sentence.endswith("Shorten it.")
    [told] = problems(channel(), "post", "", parts=[Part("head", "a"), Part("part", "x" * 61)])
    assert told.sentence.endswith("Shorten it.")


def test_a_channel_without_the_facts_refuses_in_words() -> None:
    plain = channel(sequence=None, first_comment=None)
    parts = [Part("head", "a"), Part("part", "b"), Part("comment", "c")]
    assert {p.reason for p in problems(plain, "post", "a", parts=parts)} == {
        "no_sequences",
        "no_first_comments",
    }
    assert cut("Một\n---\nHai", plain) == ["Một\n---\nHai"]


@pytest.mark.parametrize(
    "more",
    [
        {"reply": None},
        {"cannot": {"sequence": "why"}, "sentences": {"why": NAMED}},
        {"cannot": {"other": "no sentence"}},
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        channel(**more)
