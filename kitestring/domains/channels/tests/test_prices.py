"""What a channel charges is told on the account's page with its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation
from pydantic import ValidationError

from kitestring import connectors
from kitestring.connectorkit.manifest import Manifest, Price, load
from kitestring.domains.channels.rules import prices

OURS = [load(found.parent) for found in Path(connectors.__path__[0]).glob("*/manifest.toml")]


def priced(**changed: object) -> Manifest:
    label = {"en": "A post", "zh-hans": "一条内容", "vi": "Một bài"}
    row = {
        "label": label,
        "amount": "0.015",
        "currency": "USD",
        "source": "price list",
        "checked_on": "2026-11-21",
    }
    silent = next(manifest for manifest in OURS if not manifest.prices)
    return silent.model_copy(update={"prices": (Price.model_validate(row | changed),)})


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        ("en", "A post", "$0.015 each time"),
        ("zh-hans", "一条内容", "每次US$0.015"),
        ("vi", "Một bài", "0,015\xa0US$ mỗi lần"),
    ],
)
def test_what_a_channel_charges_is_told_to_the_last_decimal_with_its_source(
    language: str, label: str, text: str
) -> None:
    with translation.override(language):
        [line] = prices(priced(), language)
    assert (line.label, line.text, line.can) == (label, text, None)
    assert line.fact is not None
    assert line.fact.source == "price list"


@pytest.mark.parametrize("wrong", [{"amount": "-1"}, {"currency": "dollars"}, {"per": "letter"}])
def test_a_price_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        priced(**wrong)
