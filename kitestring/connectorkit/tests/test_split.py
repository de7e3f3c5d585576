"""A thread keeps every word, fits everywhere, and is cut where a person would cut it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, get_args

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from kitestring.connectorkit import splitting
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.manifest import Unit
from kitestring.connectorkit.splitting import Unsplittable, _atoms, split
from kitestring.connectorkit.uncut import whole

UNITS = st.sampled_from(get_args(Unit))
SNIPPETS = st.sampled_from(
    ["Cà phê sữa đá. ", "新茶上市，", "欢迎品尝！", "https://vidu.vn/a?b=1 ", "@quan.bsky.social ", "#cà_phê ", "45.000đ ",
     "👨‍👩‍👧‍👦", "🇻🇳", "e\u0301", "\n\n", "hello, world; ", "(ngoặc) ", "“引号”", "2026-11-21 ", "\u200d", "\r\n",
     "今天#新茶", "谢谢@小明", "1.200.000 ₫ ", "¥3,999元", "+84 912 345 678 ", "2026年11月30日", "5️⃣", "👍🏽", " \u0301",
     "https://zh.wikipedia.org/wiki/北京市", "a.com/路径?q=中文", "@张三李四", "#春茶", "二〇二六年", "090 123 45 67 ", "5 kg ",
     "u\u031b\u0301", "\u202eשלום\u202c ", "vidu.vn", "क्षि", "\u0600", "1", ".", " ", "@lan@mas.to ", "\ud83d"]
)  # fmt: skip
HOSTILE = st.text(st.sampled_from("1. ,-@#/:aế茶👨\u200d🇻\u0301\ufe0f\u20e3\n₫$(+"), max_size=150)
TEXTS = st.one_of(st.text(max_size=200), st.lists(SNIPPETS, max_size=60).map("".join), HOSTILE)


def bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=400, deadline=None)
@given(
    TEXTS,
    UNITS,
    st.integers(1, 120),
    st.sampled_from([None, 23]),
    st.sampled_from([None, 60, 200]),
    st.booleans(),
)
def test_every_part_fits_and_nothing_is_lost(
    text: str, unit: Unit, limit: int, url_weight: int | None, also_bytes: int | None, near: bool
) -> None:
    def fits(piece: str) -> bool:
        found = count(piece, unit, url_weight=url_weight, mentions_without_host=near)
        return found <= limit and (also_bytes is None or count(piece, "utf8") <= also_bytes)

    more = {"url_weight": url_weight, "mentions_without_host": near, "also_bytes": also_bytes}
    atoms = [atom.text for atom in _atoms(text, None, fits)]
    too_long = [atom for atom in atoms if not atom.isspace() and not fits(atom)]
    parts = split(text, limit, unit, **more, keep_longer=True)
    assert [part for part in parts if not fits(part)] == too_long
    assert all(part.strip() for part in parts)
    assert bare("".join(parts)) == bare(text)
    if too_long:
        with pytest.raises(Unsplittable) as caught:
            split(text, limit, unit, **more)
        assert caught.value.text == too_long[0]
    else:
        assert split(text, limit, unit, **more) == parts


@settings(max_examples=400, deadline=None)
@given(TEXTS, UNITS, st.integers(30, 90))
def test_links_mentions_hashtags_numbers_and_graphemes_stay_whole(text: str, unit: Unit, limit: int) -> None:
    try:
        parts = split(text, limit, unit)
    except Unsplittable:
        return
    borders = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    kept = [(a, b) for a, b in whole(text) if count(text[a:b], unit) <= limit]
    inside = {at for start, end in kept for at in range(start + 1, end)}
    at = 0
    for part in parts:
        start = text.index(part, at)
        assert not text[at:start].strip()
        at = start + len(part)
        assert {start, at} <= borders - inside


NUMBERS = [
    "1.234.567,89", "1,234.5", "1 234 567,89", "1’234’567", "1.200.000 ₫", "1.200.000\xa0VND", "VND 1.200.000", "¥3,999",
    "US$ 1,200", "3,5 triệu", "3.5万元", "25 %", "30/11/2026", "2026-11-30", "2026年11月30日", "08:30–17:00", "9h30", "10:00 AM",
    "+84 912 345 678", "(028) 3822 1234", "0912 345 678", "138 1234 5678", "1900 6035", "-5", "№7", "٣٫٥",
    "3千万元", "5000多元", "10几万", "十几万", "１，２９９元", "２０２６／１１／３０", "５０％", "二〇二六年",
    "二〇二六年十一月三十日", "三百五十元", "百分之三十",
    "021-6543 2100", "0571-8888 6666转801", "（021）6543 2100", "5公斤", "3个月", "090 123 45 67", "0912 345 678/0987 654 321",
    "2 tỉ", "2,5 tỷ đồng",
    "1.299.000 đồng", "1.299.000 vnđ", "1.299.000 đo\u0302\u0300ng", "1tr5", "5 kg", "60 km/h",
    "20 m²", "500 ml", "30 ngày",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("before", "after"), [("Giá nay là ", " thôi nhé bạn ơi"), ("今天的价格是", "大家快来看一看吧")]
)
def test_a_number_is_never_cut(number: str, before: str, after: str) -> None:
    text = before + number + after
    for limit in range(len(number), len(text) + 1):
        parts = split(text, limit, "codepoint")
        assert any(number in part for part in parts), (limit, parts)


@pytest.mark.parametrize(
    "sample",
    ["字", "a", "ế ", "a.", "1 ", "12,", "#a", "@a ", "https://a.vn/b ",
     "👨‍👩‍👧‍👦", "🇻🇳", "\n", "e\u0301", "。", "(1) ", "a.com ", "🇻", "https://a.vn/路", "https://a.vn/路，", "@张", "#茶 ", "一"],
)  # fmt: skip
@pytest.mark.parametrize("unit", ["weighted", "grapheme"])
def test_the_work_grows_no_faster_than_the_text(
    sample: str, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is how many letters are handed to counting, all parts together."""
    counted: list[int] = []

    def watched(text: str, *given: Any, **more: Any) -> int:
        counted.append(len(text))
        return count(text, *given, **more)

    monkeypatch.setattr(splitting, "count", watched)

    def work(times: int) -> int:
        counted.clear()
        with suppress(Unsplittable):
            split(sample * times, 280, unit)
        return sum(counted)

    few, many = work(600), work(2400)
    assert many <= 5 * few + 5000


def test_sentences_are_preferred_over_clauses_and_words() -> None:
    text = "Quán mở cửa lúc bảy giờ sáng. Cà phê rang tại chỗ, thơm cả góc phố. Mời bạn ghé thử một lần nhé!"
    assert split(text, 60, "grapheme") == [
        "Quán mở cửa lúc bảy giờ sáng.",
        "Cà phê rang tại chỗ, thơm cả góc phố.",
        "Mời bạn ghé thử một lần nhé!",
    ]


def test_chinese_is_cut_behind_its_full_stop_and_never_before_a_comma() -> None:
    text = "春茶到店，汤色清亮。欢迎周末带朋友来坐坐，第一杯我们请。"
    assert split(text, 12, "cjk_half") == ["春茶到店，汤色清亮。", "欢迎周末带朋友来坐坐，", "第一杯我们请。"]
    assert not any(part[0] in "，。！？" for part in split(text, 6, "cjk_half"))


def test_words_of_a_segmenter_are_kept_together() -> None:
    def words(text: str) -> list[str]:
        return regex.findall(r"乌龙茶|杭州市|.", text)

    assert split("我在杭州市喝乌龙茶", 6, "cjk_half", words=words) == ["我在杭州市喝", "乌龙茶"]
    assert split("我在杭州市喝乌龙茶", 4, "cjk_half", words=words) == ["我在", "杭州市喝", "乌龙茶"]


def test_bytes_are_kept_too() -> None:
    parts = split("茶" * 100, 100, "grapheme", also_bytes=90)
    assert [len(p) for p in parts] == [30, 30, 30, 10]


@pytest.mark.parametrize(
    ("link", "after"),
    [
        ("https://zh.wikipedia.org/wiki/北京市", "，欢迎来看一看"),
        ("https://zh.wikipedia.org/wiki/北京_(城市)#历史", "（长文）欢迎来看一看"),
        ("https://zh.wikipedia.org/wiki/2026年大选", " 欢迎来看一看"),
        ("https://zh.wikipedia.org/wiki/列奥纳多·达·芬奇", "。欢迎来看一看"),
        ("https://example.com/路径?q=中文", "、欢迎来看一看"),
        ("https://example.com?q=中文", "！欢迎来看一看"),
        ("example.com/路径", "”欢迎来看一看"),
        ("https://a.vn/茶", "https://b.vn/茶叶/欢迎来看"),
    ],
)
def test_a_link_is_not_cut_in_a_path_of_any_script(link: str, after: str) -> None:
    text = f"今天的新茶{link}{after}"
    for limit in range(len(link), len(text) + 1):
        parts = split(text, limit, "codepoint")
        assert any(link in part for part in parts), (limit, parts)


@pytest.mark.parametrize("link", ["https://vidu.vn", "vidu.vn", "https://vidu.vn:80", "https://[::1]:80"])
def test_words_right_behind_a_link_without_a_path_may_part_from_it(link: str) -> None:
    words = "欢迎大家来喝今年的新茶"
    assert split(link + words, len(link) + 4, "codepoint")[0] == link + words[:4]


def test_words_right_behind_a_path_are_cut_where_they_do_not_fit() -> None:
    text = "见https://vidu.vn/tra" + "欢迎大家来喝今年的新茶" * 5
    parts = split(text, 30, "codepoint")
    assert parts[0] == text[:30]
    assert "".join(parts) == text


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        ("@", "@张三李四"),
        ("#", "#春茶上市"),
        ("＠", "＠张三"),
        ("@", "@nguyen.lan"),
        ("#", "#trà_sen"),
    ],
)
def test_words_right_behind_a_name_or_tag_are_cut_where_they_do_not_fit(start: str, kept: str) -> None:
    text = "感谢大家" + kept + "欢迎大家来喝今年的新茶" * 20 + "。再见@小明。"
    parts = split(text, 60, "codepoint")
    assert "".join(parts) == text
    assert all(len(part) <= 60 for part in parts)
    assert len(parts) <= -(-len(text) // 50)
    assert any(kept in part for part in parts)
    assert "@小明。" in parts[-1]


def test_a_name_is_not_cut_in_its_beginning() -> None:
    text = "感谢大家来喝茶" * 2 + "@张三李四" + "欢迎大家来喝今年的新茶" * 9
    assert split(text, 20, "codepoint")[:2] == [
        "感谢大家来喝茶" * 2,
        ("@张三李四" + "欢迎大家来喝今年的新茶" * 9)[:20],
    ]


def test_a_row_of_figures_longer_than_a_part_is_cut() -> None:
    assert split("1" * 100 + " xong", 60, "grapheme") == ["1" * 60, "1" * 40 + " xong"]


def test_what_stays_longer_than_a_part_stands_alone() -> None:
    link = "https://vidu.vn/" + "a" * 80
    assert split(f"Xem tại đây: {link} nhé bạn.", 50, "grapheme", keep_longer=True) == [
        "Xem tại đây:", link, "nhé bạn.",
    ]  # fmt: skip
    assert split(f"今天感谢{link}，再见", 50, "grapheme", keep_longer=True) == ["今天感谢", link, "，再见"]


def test_a_link_longer_than_the_limit_is_named() -> None:
    with pytest.raises(Unsplittable) as caught:
        split("Xem https://vidu.vn/" + "a" * 80, 50, "grapheme")
    assert caught.value.text.startswith("https://vidu.vn/")
    assert len(split("Xem https://vidu.vn/" + "a" * 80, 50, "grapheme", url_weight=23)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_makes_no_parts(text: str) -> None:
    assert split(text, 10, "grapheme") == []
