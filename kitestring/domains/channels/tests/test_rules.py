"""What a channel has or has not, whoever connects to it, is told on the account's page with its source or its reason."""

from __future__ import annotations

from kitestring.connectorkit import registry
from kitestring.domains.channels.rules import OF_CHANNEL, Line, powers


def told(slug: str, language: str = "en") -> dict[str, Line]:
    connector = registry.get(slug)
    brings = [power for power in ("publishing", "inbox", "metrics") if connector.can(power)]
    types = connector.manifest.account_types
    lines = powers(connector.manifest, brings, types[-1].key if types else "", {}, language)
    return {line.key: line for line in lines}


def test_every_channel_says_whether_it_carries_threads_and_first_comments() -> None:
    for slug, connector in registry.connectors().items():
        lines = told(slug)
        for power in OF_CHANNEL:
            fact = getattr(connector.manifest, power)
            line = lines[power]
            assert (line.can, line.fact) == (fact is not None, fact), (slug, power)
            if fact is None:
                reason = connector.manifest.sentences[connector.manifest.cannot[power]]
                assert line.text == reason.en
                assert told(slug, "vi")[power].text == reason.vi
            elif power == "sequence":
                assert str(fact.most) in line.text


def test_what_the_manifest_does_not_speak_of_is_not_listed() -> None:
    connector = next(c for c in registry.connectors().values() if c.manifest.sequence)
    silent = connector.manifest.model_copy(update={"sequence": None, "first_comment": None, "cannot": {}})
    assert not {line.key for line in powers(silent, ["publishing"], "", {}, "en")} & set(OF_CHANNEL)
