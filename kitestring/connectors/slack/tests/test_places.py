"""Slack: words go out so that they call nobody, and come in as people read them; ids say where a message stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.slack import places
from kitestring.kit.ids import uuid7


def test_nothing_in_a_text_calls_anybody() -> None:
    assert places.escaped("<!channel> R&D <@U1> 茶") == "&lt;!channel&gt; R&amp;D &lt;@U1&gt; 茶"
    assert places.readable(places.escaped("<!channel> R&D &amp; 茶"), {}) == "<!channel> R&D &amp; 茶"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("chào <@U0LAN> ơi", "chào @Lan Anh ơi"),
        ("<@U0MINH|minh>", "@minh"),
        ("<@U0NOBODY>", "@U0NOBODY"),
        ("ở <#C012|thong-bao>", "ở #thong-bao"),
        ("<!here> <!subteam^S1|@pha-che>", "@here @pha-che"),
        ("<https://x.vn/a>", "https://x.vn/a"),
        ("<https://x.vn/a|x.vn/a>", "https://x.vn/a"),
        ("<https://x.vn/a|đây>", "đây (https://x.vn/a)"),
        ("<mailto:a@x.vn|a@x.vn>", "a@x.vn"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("<" * 2000, "<" * 2000),
    ],
)
def test_words_as_people_read_them(raw: str, read: str) -> None:
    assert places.readable(raw, {"U0LAN": "Lan Anh"}) == read


SESSION: Any = SimpleNamespace(
    settings={"channel": "C012", "workspace": "https://quan.example/"}, remote_id="C012"
)


@pytest.mark.parametrize(
    ("remote_id", "place"),
    [
        ("1700000000.000100", ("C012", "1700000000.000100")),
        ("D99:1700000000.000100", ("D99", "1700000000.000100")),
    ],
)
def test_where_a_message_stands(remote_id: str, place: tuple[str, str]) -> None:
    assert places.place_of(SESSION, remote_id) == place
    assert places.called(SESSION, *place) == remote_id


@pytest.mark.parametrize("odd", ["", "x", "D99:", "d99:17", "D99:1.2.3", "../1", "1700000000,1"])
def test_what_is_no_message_id(odd: str) -> None:
    with pytest.raises(Rejected):
        places.place_of(SESSION, odd)


def test_addresses() -> None:
    ts, root = "1700000000.000100", "1700000000.000099"
    assert places.address(SESSION, "C012", ts) == "https://quan.example/archives/C012/p1700000000000100"
    assert places.address(SESSION, "C012", ts, root).endswith(f"?thread_ts={root}&cid=C012")
    nowhere: Any = SimpleNamespace(settings={}, remote_id="C012")
    assert places.address(nowhere, "C012", ts) == ""


def test_a_file_is_known_by_its_name() -> None:
    key = uuid7()
    assert places.key_in(places.named(key, 3, "png")) == key.hex
    assert places.key_in("ly-tra.png") == places.key_in("") == ""
