"""What a channel has or has not, whoever connects to it, is told on the account's page with its source or its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from django.utils.translation import override

from kitestring import connectors
from kitestring.connectorkit.manifest import Manifest, MediaLimit, TextLimit, Unit, load
from kitestring.domains.channels.rules import OF_CHANNEL, POWERS, SAME, UNITS, Line, limits, powers

# Those of the house, not the two that this room's tests speak to.
OURS = [load(found.parent) for found in Path(connectors.__path__[0]).glob("*/manifest.toml")]


def told(manifest: Manifest, language: str = "en") -> dict[str, Line]:
    types = manifest.account_types
    lines = powers(manifest, ["publishing", "inbox"], types[-1].key if types else "", {}, language)
    return {line.key: line for line in lines}


def test_every_channel_says_whether_it_carries_threads_and_first_comments() -> None:
    assert len(OURS) > 5
    for manifest in OURS:
        lines = told(manifest)
        for power in OF_CHANNEL:
            fact = getattr(manifest, power)
            line = lines[power]
            assert (line.can, line.fact) == (fact is not None, fact), (manifest.slug, power)
            if fact is None:
                reason = manifest.sentences[manifest.cannot[power]]
                assert line.text == reason.en
                assert told(manifest, "vi")[power].text == reason.vi
            elif power == "sequence":
                assert str(fact.most) in line.text


def test_what_the_manifest_does_not_speak_of_is_not_listed() -> None:
    carries = next(manifest for manifest in OURS if manifest.sequence)
    silent = carries.model_copy(update={"sequence": None, "first_comment": None, "cannot": {}})
    assert not told(silent).keys() & set(OF_CHANNEL)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "2,200 signs, 3,000 bytes, each link counts 23, hashtags: at most 5, no mentions, links: at most 1"),
        ("zh-hans", "2,200个字符，3,000字节，每个链接计23，话题标签最多5个，不能@他人，链接最多1个"),
        ("vi", "2.200 ký tự, 3.000 byte, mỗi liên kết tính 23, tối đa 5 hashtag, không nhắc tài khoản khác, tối đa 1 liên kết"),
    ],
)  # fmt: skip
def test_everything_that_bounds_a_text_is_told(language: str, said: str) -> None:
    kind = OURS[0].kinds[0]
    facts = {"source": "x", "checked_on": date(2026, 11, 21)}
    caps = {"hashtags": 5, "mentions": 0, "links": 1}
    text = TextLimit(limit=2200, unit="grapheme", also_bytes=3000, url_weight=23, **caps, **facts)
    kind = kind.model_copy(update={"text": text, "account_types": ()})
    manifest = OURS[0].model_copy(update={"kinds": (kind,)})
    with override(language):
        assert next(limits(manifest, "", language)).text == said


@pytest.mark.parametrize("unit", get_args(Unit))
def test_every_unit_has_its_words(unit: str) -> None:
    assert "%(n)s" in UNITS[unit]


def test_every_power_a_channel_names_has_words_of_ours() -> None:
    """What connecting finds is named by the same keys: an unknown one stood there in English, in every language."""
    for manifest in OURS:
        named = {
            *manifest.capabilities,
            *manifest.cannot,
            *(key for kind in manifest.account_types for key in kind.cannot),
        }
        assert not {key for key in named if SAME.get(key, key) not in POWERS}, manifest.slug


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"bytes": 4_000_000_000}, "1 file of up to 4 GB (MOV, MP4)"),
        ({"bytes": 1_500_000}, "1 file of up to 1.5 MB (MOV, MP4)"),
        ({}, "1 file (MOV, MP4)"),
        (
            {
                "bytes": 10_000_000,
                "video_bytes": 50_000_000,
                "count": 4,
                "mimes": ("image/png", "image/jpeg", "video/mp4"),
            },
            "up to 4 files: JPEG, PNG up to 10 MB; MP4 up to 50 MB",
        ),
        (
            {
                "bytes": 5_000_000,
                "bytes_by_mime": {"image/gif": 15_000_000},
                "mimes": ("image/png", "image/gif"),
            },
            "1 file: PNG up to 5 MB; GIF up to 15 MB",
        ),
    ],
)
def test_how_large_files_may_be_is_said_in_plain_figures(sizes: dict[str, Any], said: str) -> None:
    facts = {"source": "x", "checked_on": date(2026, 11, 21)}
    media = MediaLimit(**{"count": 1, "mimes": ("video/quicktime", "video/mp4"), **facts, **sizes})
    text = TextLimit(limit=0, unit="grapheme", **facts)
    kind = (
        OURS[0].kinds[0].model_copy(update={"text": text, "title": None, "media": media, "account_types": ()})
    )
    manifest = OURS[0].model_copy(update={"kinds": (kind,)})
    assert [line.text for line in limits(manifest, "", "en")][:2] == ["no words", said]
