"""Who the demo's brands are on the sandbox's channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Presence:
    """`login`: the account's name on the channel; `shown`: what it is called here; `followers`: whom it reaches."""

    brand: str
    channel: str
    login: str
    shown: str
    followers: int


PRESENCES: Final = (
    Presence("hien", "bluesky", "hien-ca-phe", "Hiên Cà Phê", 5200),
    Presence("hien", "mastodon", "hien_ca_phe", "Hiên Cà Phê", 900),
    Presence("hien", "telegram", "Hiên Cà Phê", "Hiên Cà Phê", 3100),
    Presence("hien", "wordpress", "hien", "hien.example", 5200),
    Presence("qinglan", "wechat", "青岚茶事", "青岚茶事", 8800),
    Presence("qinglan", "xiaohongshu", "青岚茶事", "青岚茶事", 0),
    Presence("qinglan", "bluesky", "qinglan-tea", "Qinglan Tea", 1400),
    Presence("qinglan", "wordpress", "qinglan", "青岚茶事官网", 4800),
)
