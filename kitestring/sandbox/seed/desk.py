"""What the seeding writers share: the house, its accounts, files and channels, and the moment they write at."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import registry
from kitestring.connectorkit.checking import problems
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.ideas.models import Idea
from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.models import Member
from kitestring.sandbox.audience.crowd import Crowd
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.presences import Presence
from kitestring.sandbox.seed.people import House
from kitestring.sandbox.seed.pictures import alt_of, draw

WORLD: Final = Path(__file__).resolve().parents[1] / "world"


@dataclass
class Desk:
    """`at`: the moment of seeding. `series`: campaign and idea by key. Everything is by brand key."""

    at: datetime
    house: House
    accounts: dict[tuple[str, str], tuple[Account, Presence]]
    channels: dict[str, Emulated]
    crowd: Crowd
    series: dict[str, tuple[Campaign, Idea | None]] = field(default_factory=dict)
    files: dict[tuple[str, str], Asset] = field(default_factory=dict)

    def member(self, key: str) -> Member:
        return self.house.members[key]

    def writer(self, brand: str) -> Member:
        """Who writes for this brand."""
        return self.member("quan" if brand == "hien" else "zhou")

    def approver(self, brand: str) -> Member:
        return self.member("lan")

    def brand(self, key: str) -> Brand:
        return self.house.brands[key]

    def picture(self, brand: str, motif: str) -> Asset:
        """The file of a motif in the brand's library, drawn when first asked for."""
        if (brand, motif) not in self.files:
            self.files[brand, motif] = add_asset(
                self.writer(brand), self.brand(brand), f"{motif}.jpg", [draw(motif, brand)], alt=alt_of(motif)
            )
        return self.files[brand, motif]

    def on(self, brand: str, entry: dict[str, Any]) -> list[Account]:
        """The accounts that carry the entry, as far as their channels are installed."""
        wanted = [(brand, slug) for slug in entry["on"]]
        return [self.accounts[key][0] for key in wanted if key in self.accounts]

    def hour(self, brand: str, entry: dict[str, Any]) -> datetime:
        """When the entry is due: a day and an hour of the brand's own clock, or hours from now, to half an hour."""
        if "hour" in entry:
            moment = self.at + timedelta(hours=entry["hour"])
            return moment - timedelta(
                minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond
            )
        zone = self.brand(brand).zone
        days = entry["in"] if "in" in entry else -entry["day"]
        day = (self.at.astimezone(zone) + timedelta(days=days)).date()
        return datetime.combine(day, time.fromisoformat(entry["at"]), zone)


@cache
def read_world(name: str) -> dict[str, Any]:
    """A TOML file of the demo's content."""
    return tomllib.loads((WORLD / name).read_text("utf-8"))


def kind_for(account: Account, entry: dict[str, Any], media: list[Asset]) -> str:
    """The publish kind: the entry's own wish, else the channel's last kind that takes words and picture as they are."""
    manifest = registry.get(account.channel).manifest
    if wish := entry.get("kinds", {}).get(account.channel):
        return str(wish)
    kinds = manifest.kinds_for(account.account_type)
    for kind in reversed(kinds):
        found = problems(
            manifest,
            kind.key,
            entry["text"],
            entry.get("title", ""),
            media,
            account_type=account.account_type,
        )
        if not any(p.severity == "error" for p in found):
            return kind.key
    return kinds[0].key
