"""Weibo's dressing of texts, its times and short numbers; and what people type when connecting."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.weibo import drafting, settings, words


@pytest.mark.parametrize(
    ("ours", "theirs", "alike"),
    [
        ("新茶到店 https://vidu.example/tra", "新茶到店 http://t.cn/A6abc", True),
        ("新茶到店https://vidu.example/tra今天开卖", "新茶到店http://t.cn/A6abc 今天开卖\u200b", True),
        ("Trà sen mùa thu", "Trà sen  mùa\nthu", True),
        ("<b>&amp; 新茶", "<b>& 新茶", True),
        ("好的，谢谢", "回复@Lan Anh:好的，谢谢", True),
        ("新茶到店", "新茶到货", False),
        ("茶" * 200, "茶" * 130 + "...全文： http://m.weibo.cn/1/2", True),
        ("茶" * 100, "茶" * 130 + "...全文： http://m.weibo.cn/1/2", False),
        ("今天开卖", "今...全文", False),
    ],
)
def test_a_text_is_known_again_in_its_dressing(ours: str, theirs: str, alike: bool) -> None:
    assert words.same(ours, theirs) is alike


def test_times_and_what_is_none() -> None:
    assert words.at("Tue May 31 17:46:55 +0800 2011").isoformat() == "2011-05-31T09:46:55+00:00"
    assert words.at("Sun Feb 01 00:00:00 -0330 2026").isoformat() == "2026-02-01T03:30:00+00:00"
    for odd in (None, "", "gestern", "Tue Foo 31 17:46:55 +0800 2011", "Tue Feb 31 17:46:55 +0800 2011"):
        assert words.at(odd).year == 1970


@pytest.mark.parametrize(
    ("number", "short"),
    # jermic.cc/posts/weibo-url-mid-convert; playpi.org/2018071801; public client libraries (the last two)
    [
        ("4331051486294436", "Hd1N2qpta"),
        ("4404101091169383", "I1IGF4Ud1"),
        ("3500330408906190", "z08AUBmUe"),
        ("201110410216293360", "wr4mOFqpbO"),
    ],
)
def test_short_numbers_are_weibos(number: str, short: str) -> None:
    assert words.short_id(number) == short


def test_domains_are_read_from_what_people_paste() -> None:
    assert settings.domains("Shop.example，https://www.tra.example/a?b=1; shop.example") == [
        "shop.example",
        "www.tra.example",
    ]
    assert settings.domains("xn--tr-lia.example/") == ["xn--tr-lia.example"]
    assert settings.domains("  ") == []
    for odd in ("not a domain", "shop", "https:///x", "-a.example", "微博"):
        with pytest.raises(Rejected) as caught:
            settings.domains(odd)
        assert (caught.value.field, caught.value.reason) == ("safe_domain", "domain_unreadable")


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "10.0.0.4",
        "127.0.0.1",
        "2001:db8::1",
        "211.156.0",
        "nhà tôi",
        "224.0.0.1",
        "192.0.0.9",
        "192.88.99.1",
    ],
)
def test_only_a_public_address_is_a_persons(odd: str) -> None:
    assert settings.person_ip(" 211.156.0.1 ") == "211.156.0.1"
    with pytest.raises(Rejected) as caught:
        settings.person_ip(odd)
    assert (caught.value.field, caught.value.reason) == ("rip", "ip_unreadable")


def test_a_topic_is_anything_between_two_signs() -> None:
    find = drafting._TOPIC.search
    assert find("#一茶一会# 今晚开播")
    assert find("Giảm 5# hôm nay, bàn 7#")
    assert find("＃新茶＃")
    assert not find("C# 与 Python")
    assert not find("##")
