"""Which ways of publishing draw on a quota: the same answer at the desk, in the counts and at the due hour."""

from __future__ import annotations

import pytest

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.publishing.models.judging import quotas_of
from kitestring.domains.publishing.rules.periods import kinds_on, quotas_for

CHANNELS = [one.manifest for one in registry.connectors().values()]


def ways(manifest: Manifest) -> list[str]:
    found = [*manifest.kinds, manifest.reply, manifest.message]
    return [kind.key for kind in found if kind is not None]


def all_agree(manifest: Manifest) -> None:
    judged = {one["key"]: set(one["kinds"]) for one in quotas_of(manifest)}
    for quota in manifest.quotas:
        types = quota.account_types or ("",)
        drawn = {way for way in ways(manifest) if quota in quotas_for(manifest, types[0], way)}
        assert drawn == kinds_on(manifest, quota) == judged[quota.key]


@pytest.mark.parametrize("manifest", [one for one in CHANNELS if one.quotas], ids=lambda one: one.slug)
def test_desk_counts_and_due_hour_agree(manifest: Manifest) -> None:
    all_agree(manifest)


def test_answers_in_public_and_in_private_draw_on_theirs() -> None:
    given = next(one for one in CHANNELS if one.quotas and one.reply and one.message)
    quota = given.quotas[0]
    for way in ("reply", "message"):
        kind = given.kind(way).model_copy(update={"quota": quota.key})
        manifest = given.model_copy(update={way: kind})
        assert way in kinds_on(manifest, quota)
        all_agree(manifest)
