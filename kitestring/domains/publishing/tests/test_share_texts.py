"""What an app copies as its link is a proof as it is pasted; addresses elsewhere, and none at all, are refused in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.proof import proof
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.refusals import Refusal

BY_HAND = [one for one in registry.connectors().values() if one.manifest.mode == "hand_off"]


def told(connector: Connector) -> dict[str, Any]:
    fixture = json.loads((connector.folder / "tests/fixtures/share_texts.json").read_text("utf-8"))
    assert fixture["basis"] in ("documented", "recorded", "assumed")
    assert fixture["source"]
    return dict(fixture)


def delivery(connector: Connector) -> Delivery:
    return Delivery(account=Account(channel=connector.manifest.slug, handle="us"))


@pytest.mark.parametrize("connector", BY_HAND, ids=lambda one: one.manifest.slug)
def test_the_address_is_taken_out_of_what_the_app_copies(connector: Connector) -> None:
    found = {one["pasted"]: proof(delivery(connector), one["pasted"]) for one in told(connector)["texts"]}
    assert found == {one["pasted"]: one["address"] for one in told(connector)["texts"]}


@pytest.mark.parametrize("connector", BY_HAND, ids=lambda one: one.manifest.slug)
def test_what_lies_elsewhere_is_refused_beside_the_field(connector: Connector) -> None:
    for pasted in [
        *told(connector)["elsewhere"],
        "",
        "https://",
        "https://example.com/1 https://example.org/2",
    ]:
        with pytest.raises(Refusal) as refused:
            proof(delivery(connector), pasted)
        assert refused.value.field == "url"


def test_the_words_say_whether_there_was_an_address_at_all() -> None:
    said = []
    for pasted in ("打开看看", "https://example.com/1", "https://example.com/1 https://example.org/2"):
        with pytest.raises(Refusal) as refused:
            proof(delivery(BY_HAND[0]), pasted)
        said.append(refused.value.message)
    assert [one.split(" ")[0:3] for one in said] == [
        ["That", "is", "not"],
        ["That", "address", "does"],
        ["None", "of", "the"],
    ]


@pytest.mark.parametrize(
    "hostile", ["https://" * 200_000, ")" * 500_000, "a." * 400_000 + "/", "v.x/" * 200_000]
)
def test_a_hostile_text_takes_no_time(hostile: str) -> None:
    """Read in one pass: no square of its length (each of these would take minutes)."""
    with pytest.raises(Refusal):
        proof(delivery(BY_HAND[0]), hostile)
