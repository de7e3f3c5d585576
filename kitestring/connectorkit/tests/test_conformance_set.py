"""twitter-text's own conformance set, whole: validity, entities with their places, weights, and every top-level domain."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kitestring.connectorkit import entities
from kitestring.connectorkit.addresses import is_address
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.links import links
from kitestring.connectorkit.weighing import Rules, examine, weigh

pytestmark = pytest.mark.specs
Case = dict[str, Any]

# Description -> why this case of the set is not kept. Empty: all of them are.
NOT_KEPT: dict[str, str] = {}


def folder() -> Path:
    path = Path(os.environ.get("KITESTRING_SPECS", ""), "x/twitter-text")
    if not os.environ.get("KITESTRING_SPECS") or not path.exists():
        pytest.skip("ABSENT: the twitter-text conformance set (KITESTRING_SPECS)")
    return path


@cache
def parsed(file: str) -> dict[str, list[Case]]:
    read: dict[str, list[Case]] = yaml.safe_load((folder() / file).read_text("utf-8"))["tests"]
    return read


@cache
def rules(version: int) -> Rules:
    said = json.loads((folder() / f"config-v{version}.json").read_text("utf-8"))
    light = {each["weight"] for each in said["ranges"]} or {said["defaultWeight"]}
    assert len(light) == 1
    return Rules(
        most=said["maxWeightedTweetLength"],
        scale=said["scale"],
        light=light.pop(),
        heavy=said["defaultWeight"],
        ranges=tuple((each["start"], each["end"]) for each in said["ranges"]),
        link=said["transformedURLLength"],
        whole_emoji=said.get("emojiParsingEnabled", False),
    )


def names(found: list[entities.Entity]) -> list[str]:
    return [one.name for one in found]


def placed(key: str) -> Callable[[list[entities.Entity]], list[Case]]:
    return lambda found: [{key: one.name, "indices": [one.start, one.end]} for one in found]


def lists(text: str) -> list[Case]:
    return [
        {"screen_name": one.name, "list_slug": one.list_of, "indices": [one.start, one.end]}
        for one in entities.mentions(text, lists=True)
    ]


def addresses(text: str) -> list[str]:
    return [link.text for link in links(text)]


def placed_addresses(text: str) -> list[Case]:
    return [{"url": link.text, "indices": [link.start, link.end]} for link in links(text)]


def report(version: int) -> Callable[[str], Case]:
    def read(text: str) -> Case:
        found, length = examine(text, rules(version)), count(text, "utf16")
        assert found.weight == weigh(text, rules(version))
        return {
            "weightedLength": found.weight,
            "valid": found.taken,
            "permillage": found.per_mille,
            "displayRangeStart": 0,
            "displayRangeEnd": max(0, length - 1),
            "validRangeStart": 0,
            "validRangeEnd": max(0, found.fits_to - 1),
        }

    return read


VALIDATE: dict[str, tuple[int, Callable[[str], Any]]] = {
    "tweets": (8, lambda text: examine(text, rules(1)).taken),
    "usernames": (4, entities.is_mention),
    "lists": (5, entities.is_list),
    "hashtags": (7, entities.is_hashtag),
    "urls": (24, is_address),
    "urls_without_protocol": (5, lambda text: is_address(text, scheme=False)),
    "WeightedTweetsCounterTest": (20, report(2)),
    "WeightedTweetsWithDiscountedEmojiCounterTest": (22, report(3)),
    "UnicodeDirectionalMarkerCounterTest": (2, report(3)),
}
EXTRACT: dict[str, tuple[int, Callable[[str], Any]]] = {
    "mentions": (23, lambda text: names(entities.mentions(text))),
    "mentions_with_indices": (3, lambda text: placed("screen_name")(entities.mentions(text))),
    "mentions_or_lists_with_indices": (5, lists),
    "replies": (13, lambda text: entities.replied_to(text) or None),
    "urls": (91, addresses),
    "urls_with_indices": (10, placed_addresses),
    "urls_with_directional_markers": (2, placed_addresses),
    "tco_urls_with_params": (5, addresses),
    "hashtags": (65, lambda text: names(entities.hashtags(text))),
    "hashtags_from_astral": (3, lambda text: names(entities.hashtags(text))),
    "hashtags_with_indices": (8, lambda text: placed("hashtag")(entities.hashtags(text))),
    "cashtags": (8, lambda text: names(entities.cashtags(text))),
    "cashtags_with_indices": (2, lambda text: placed("cashtag")(entities.cashtags(text))),
}
TLDS: dict[str, tuple[int, Callable[[str], Any]]] = {
    "country": (315, addresses),
    "generic": (1259, addresses),
}
PARTS = [
    (file, part, least, read)
    for file, parts in (("validate.yml", VALIDATE), ("extract.yml", EXTRACT), ("tlds.yml", TLDS))
    for part, (least, read) in parts.items()
]


@pytest.mark.parametrize(("file", "part", "least", "read"), PARTS, ids=[f"{p[0]}-{p[1]}" for p in PARTS])
def test_every_case(file: str, part: str, least: int, read: Callable[[str], Any]) -> None:
    cases = parsed(file)[part]
    assert len(cases) >= least
    wrong = {
        case["description"]: (case["text"], found, case["expected"])
        for case in cases
        if (found := read(case["text"])) != case["expected"]
    }
    assert {key: value for key, value in wrong.items() if key not in NOT_KEPT} == {}


def test_no_part_of_the_set_is_left_out() -> None:
    for file, known in (("validate.yml", VALIDATE), ("extract.yml", EXTRACT), ("tlds.yml", TLDS)):
        assert parsed(file).keys() == known.keys()


def test_the_rules_in_force_are_those_of_configuration_3() -> None:
    assert rules(3) == Rules()
