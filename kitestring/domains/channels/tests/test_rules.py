"""What a channel has or has not, whoever connects to it, is told on the account's page with its source or its reason."""

from __future__ import annotations

from pathlib import Path

from kitestring import connectors
from kitestring.connectorkit.manifest import Manifest, load
from kitestring.domains.channels.rules import OF_CHANNEL, Line, powers

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
