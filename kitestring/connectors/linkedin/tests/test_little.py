"""What is written arrives as it was written: every sign, every tag, read by the emulator's own reader."""

from __future__ import annotations

import pytest

from kitestring.connectors.linkedin import little
from kitestring.connectors.linkedin.emulated import words

TEXTS = [
    "Trà sen (mùa thu) [mới] {đây} <b> a_b ~ * | \\ cuối",
    "新茶到店 #新茶 #trà_sen, hết",
    "mail@vidu.example, a#b, # một mình, ##hai",
    "https://vidu.example/tra_sen?a=(1)&b=#muc",
    "C:\\new\\{hashtag|\\#|x}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_readers_see_what_was_written(text: str) -> None:
    assert words.read(little.little(text)) == text
    assert little.plain(little.little(text)) == text
    assert little.same(text, little.little(text))


def test_a_sign_without_its_backslash_ends_the_text() -> None:
    assert words.read("Trà (sen) mới") == "Trà "


def test_hashtags_stay_alive_and_other_signs_do_not() -> None:
    assert little.little("#trà_sen a#b") == r"{hashtag|\#|trà\_sen} a\#b"


def test_a_mention_is_handed_on_and_counts_as_its_name() -> None:
    text = "Cảm ơn @[Vì Dụ (VN)](urn:li:organization:12) nhé @[ai](http://x)"
    made = little.little(text)
    assert r"@[Vì Dụ \(VN\)](urn:li:organization:12)" in made
    assert r"\@\[ai\]\(http://x\)" in made
    assert words.read(made) == little.shown(text) == "Cảm ơn Vì Dụ (VN) nhé @[ai](http://x)"
    assert little.same(text, made)


def test_other_words_are_not_the_same() -> None:
    assert not little.same("Trà sen", little.little("Trà sen."))
    assert little.same("Một\n\nhai  ba ＃新", "Một hai ba {hashtag|\\#|新}")
