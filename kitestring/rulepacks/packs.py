"""Reads the packs, once: every rule by its id, who is reached on a channel, and which rules hold for a post."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from pathlib import Path

from kitestring.rulepacks.model import Pack, Reach, Rule, Said

HERE = Path(__file__).parent


@cache
def packs() -> dict[str, Pack]:
    """Every pack by the name of its file. Raises `pydantic.ValidationError` with the place of what is wrong."""
    found = {}
    for path in sorted((HERE / "packs").glob("*.toml")):
        with path.open("rb") as file:
            found[path.stem] = Pack.model_validate(tomllib.load(file))
    return found


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id. Raises ValueError when two share one."""
    found: dict[str, Rule] = {}
    for pack in packs().values():
        for rule in pack.rules:
            if rule.id in found:
                raise ValueError(f"two rules are called {rule.id!r}")
            found[rule.id] = rule
    return found


@cache
def reach() -> Reach:
    with (HERE / "reach.toml").open("rb") as file:
        return Reach.model_validate(tomllib.load(file))


def audience(channel: str, markets: Iterable[str]) -> tuple[str, ...]:
    """The countries a post reaches there: the channel's own where its people live in one, else the brand's markets."""
    for one in reach().audiences:
        if channel in one.channels:
            return one.countries
    return tuple(dict.fromkeys(markets))


@cache
def laws() -> tuple[str, ...]:
    """The countries and groups of countries that some rule speaks of."""
    return tuple(sorted({code for rule in rules().values() for code in rule.where.countries}))


def members(law: str) -> tuple[str, ...]:
    """The countries of a group; none for a country."""
    return reach().groups.get(law, ())


@lru_cache(maxsize=512)
def wanted(channels: frozenset[str], reached: frozenset[str]) -> frozenset[str]:
    """The facts that some rule asks of a post on these channels, read in these countries, of whatever account and campaign."""
    laws = _laws_in(reached)
    here = (
        rule
        for rule in rules().values()
        if _agrees(rule.where.channels, channels)
        and _agrees(rule.where.countries, laws)
        and "post" in rule.where.said
    )
    return frozenset(fact for rule in here for fact in rule.facts)


@lru_cache(maxsize=512)
def holding(
    channels: frozenset[str],
    reached: frozenset[str],
    languages: frozenset[str],
    campaign: str,
    account_type: str,
    said: Said = "post",
) -> frozenset[str]:
    """Ids of the rules that hold for such a text on these channels, read in these countries."""
    asked = ((channels, "channels"), (_laws_in(reached), "countries"), (languages, "languages"),
             ({campaign}, "campaigns"), ({account_type}, "account_types"), ({said}, "said"))  # fmt: skip
    return frozenset(
        rule.id
        for rule in rules().values()
        if all(_agrees(getattr(rule.where, name), given) for given, name in asked)
    )


def _laws_in(reached: frozenset[str]) -> frozenset[str]:
    """The countries and the groups that any of them is in."""
    groups = reach().groups
    return reached | {name for name, members in groups.items() if not reached.isdisjoint(members)}


def _agrees(wanted: tuple[str, ...], given: Collection[str]) -> bool:
    return not wanted or any(one in given for one in wanted)
