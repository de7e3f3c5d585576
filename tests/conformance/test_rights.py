"""Which rights a person reads that they will be asked for: those of the type of account that was chosen, and no others."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from kitestring.connectorkit.registry import Connector, connectors
from kitestring.domains.channels.actions import connect_link
from kitestring.domains.channels.actions.connect_link import make_link, secret_of, type_of_link
from kitestring.domains.channels.views.apps import rights
from tests.world import World

BY_TYPE = [one for one in connectors().values() if any(s.account_types for s in one.manifest.auth.scopes)]


def test_there_are_such_channels() -> None:
    assert BY_TYPE


@pytest.mark.parametrize("connector", BY_TYPE, ids=lambda one: one.manifest.slug)
def test_a_guest_reads_those_of_the_type_that_was_chosen(
    world: World, monkeypatch: pytest.MonkeyPatch, connector: Connector
) -> None:
    monkeypatch.setattr(connect_link, "app_for", lambda *_given: {})
    manifest = connector.manifest
    (asks,) = (one for one in manifest.auth.fields if one.choices)
    for kind in manifest.account_types:
        link = make_link(world.owner, world.brand, manifest.slug, {asks.key: kind.key})
        assert type_of_link(link, manifest) == kind.key
        page = unescape(Client().get(f"/connect/{secret_of(link)}/").content.decode())
        for scope in manifest.auth.scopes:
            assert (str(scope.why.en) in page) == (kind.key in scope.account_types)


@pytest.mark.parametrize("connector", BY_TYPE, ids=lambda one: one.manifest.slug)
def test_where_the_type_is_not_chosen_yet_each_says_whose_it_is(connector: Connector) -> None:
    manifest = connector.manifest
    labels = {kind.key: kind.label.in_("vi") for kind in manifest.account_types}
    told = dict(rights(manifest, "vi"))
    for scope in manifest.auth.scopes:
        of = "".join(f"{labels[key]}: " for key in scope.account_types)
        assert told[scope.key] == of + scope.why.in_("vi")
