"""After an upgrade: what a channel's changed limit hits is listed with its cure, for those whose posts they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.connectorkit import registry
from kitestring.connectorkit.flat import changes, flat
from kitestring.connectorkit.overriding import known_limits
from kitestring.domains.channels.actions.notice_changes import notice_changes
from kitestring.domains.channels.actions.override_limit import drop_limit, override_limit
from kitestring.domains.channels.models import Account, FactChange, KnownFacts
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.rulepacks import rules
from tests.world import World

Door = Callable[[Member], Client]


def shorter(monkeypatch: pytest.MonkeyPatch, slug: str, limit: int) -> None:
    """The channel's text limit becomes `limit`, as an upgrade would know it."""
    known = dict(registry.connectors())
    kind = known[slug].manifest.kinds[0]
    text = kind.text.model_copy(update={"limit": limit})
    kinds = (kind.model_copy(update={"text": text}), *known[slug].manifest.kinds[1:])
    known[slug] = replace(known[slug], manifest=known[slug].manifest.model_copy(update={"kinds": kinds}))
    monkeypatch.setattr(registry, "connectors", lambda: known)


def test_what_is_met_first_has_not_changed(harbour: Harbour, door: Door) -> None:
    assert notice_changes() == 0
    assert notice_changes() == 0
    assert KnownFacts.objects.count() >= len(registry.connectors())
    assert "Nothing changed" in door(harbour.world.editor).get("/changes/").content.decode()


def test_a_shorter_limit_lists_the_posts_it_hits(
    harbour: Harbour, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = harbour.account()
    long, short = (
        harbour.variant(account, "A long warm cup of tea for everybody"),
        harbour.variant(account, "Tea"),
    )
    for variant in (long, short):
        schedule_delivery(harbour.world.editor, variant, clock.now() + timedelta(days=1))
    notice_changes()
    shorter(monkeypatch, account.channel, 20)
    assert notice_changes() == 1
    page = door(harbour.world.editor).get("/changes/").content.decode()
    assert f"#side-{long.pk}" in page
    assert f"#side-{short.pk}" not in page
    assert "1 more scheduled delivery is on these channels, and fits." in page
    assert ", now 20" in page
    harbour.world.editor.language = "zh-hans"
    harbour.world.editor.save()
    assert "渠道有哪些变化" in door(harbour.world.editor).get("/changes/").content.decode()


def test_others_see_only_what_touches_them(
    harbour: Harbour, door: Door, stranger: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = harbour.account()
    variant = harbour.variant(account, "A long warm cup of tea")
    schedule_delivery(harbour.world.editor, variant, clock.now() + timedelta(days=1))
    notice_changes()
    shorter(monkeypatch, account.channel, 5)
    notice_changes()
    page = door(stranger.owner).get("/changes/").content.decode()
    assert "Nothing changed" in page
    assert "warm cup" not in page


def test_a_changed_rule_is_told_as_people_read_it(harbour: Harbour, door: Door) -> None:
    notice_changes()
    known = KnownFacts.objects.get(what="rules:channels")
    known.facts |= {
        "x-unasked": f"{rules()['x-unasked'].severity} (000000)",
        "dy-watermark": "error (000000)",
        "gone-rule": "note (1)",
    }
    del known.facts["threads-tags"]
    known.save()
    assert notice_changes() == 4
    page = door(harbour.world.editor).get("/changes/").content.decode()
    assert "Rules of single channels" in page
    assert rules()["x-unasked"].law.en in page
    assert "It looks for other words now, or in other places." in page
    assert "a problem, now a note" in page
    assert "new: a note" in page
    assert "no longer: a hint" in page
    assert "(000000)" not in page
    assert "X-unasked" not in page


def test_old_changes_are_no_news(harbour: Harbour, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    account = harbour.account()
    notice_changes()
    shorter(monkeypatch, account.channel, 5)
    notice_changes()
    FactChange.objects.update(at=clock.now() - timedelta(days=91))
    assert "Nothing changed" in door(harbour.world.editor).get("/changes/").content.decode()


def test_words_and_dates_are_no_facts() -> None:
    for found in (flat(one.manifest) for one in registry.connectors().values()):
        assert any(path.endswith("text.limit") for path in found)
        words = ("source", "checked_on", "en", "zh_hans", "vi")
        assert not any(path.rpartition(".")[2] in words for path in found)
    assert changes(found, found) == []
    assert changes({"a": 1, "b": 2}, {"b": 3, "c": 4}) == [("a", 1, None), ("b", 2, 3), ("c", None, 4)]


def test_what_changed_is_told_as_people_say_it(
    harbour: Harbour, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit, a size and a yes: neither the manifest's own keys nor a machine's figures."""
    account = harbour.account()
    kind = registry.get(account.channel).manifest.kinds[0]
    what, at = f"channel:{account.channel}", clock.now()
    told = (
        (f"kinds.{kind.key}.text.limit", 20, 3000),
        (f"kinds.{kind.key}.media.bytes", 4_000_000, 2_000_000_000),
        (f"kinds.{kind.key}.media.mimes", ["image/png"], ["image/png", "video/quicktime"]),
        ("hosts.self_hosted", False, True),
    )
    FactChange.written([FactChange(what=what, path=p, before=old, after=new, at=at) for p, old, new in told])
    page = door(harbour.world.editor).get("/changes/").content.decode()
    assert f"{kind.label.en} · text · limit" in page
    for said in (
        "20, now 3,000",
        "4 MB, now 2 GB",
        "PNG, now PNG, MOV",
        "no, now yes",
        "Addresses · self_hosted",
    ):
        assert said in page


def test_a_limit_changed_by_hand_says_what_it_hits_wherever_that_is_looked_for(
    harbour: Harbour, door: Door
) -> None:
    account, world = harbour.account(), harbour.world
    long, short = harbour.variant(account, "A long warm cup of tea for all"), harbour.variant(account, "Tea")
    hit, fits = (
        schedule_delivery(world.editor, one, clock.now() + timedelta(days=1)) for one in (long, short)
    )
    client = door(world.manager)
    assert "goes out by itself" in client.get(f"/deliveries/{hit.pk}/").content.decode()
    assert "No longer fits" not in client.get("/").content.decode()
    kind = hit.publish_kind
    override_limit(world.manager, account.pk, f"{kind}.text", 20, "A smaller plan")
    fragment = client.get(f"/accounts/{account.pk}/unfit/").content.decode()
    changed = client.get("/changes/").content.decode()
    for page in (fragment, changed):
        assert f"/posts/{long.post_id}/#side-{long.pk}" in page
        assert f"#side-{short.pk}" not in page
        assert f"/deliveries/{hit.pk}/" in page
    assert "A smaller plan" in changed
    assert ", now 20" in changed
    told = client.get(f"/deliveries/{hit.pk}/").content.decode()
    assert "it no longer fits" in told
    assert "goes out by itself" not in told
    assert "Mend the post" in told
    assert "goes out by itself" in client.get(f"/deliveries/{fits.pk}/").content.decode()
    today = client.get("/").content.decode()
    assert "No longer fits" in today
    assert f"/posts/{long.post_id}/" in today
    drop_limit(world.manager, account.pk, f"{kind}.text")
    assert "the channel’s own limit holds again" in client.get("/changes/").content.decode()
    assert (
        "all 2 deliveries that are scheduled here still fit"
        in client.get(f"/accounts/{account.pk}/unfit/").content.decode()
    )
    assert "No longer fits" not in client.get("/").content.decode()


def test_what_was_frozen_counts_not_what_the_post_says_since(harbour: Harbour, door: Door) -> None:
    account, world = harbour.account(), harbour.world
    variant = harbour.variant(account, "A long warm cup of tea for all")
    hit = schedule_delivery(world.editor, variant, clock.now() + timedelta(days=1))
    override_limit(world.manager, account.pk, f"{hit.publish_kind}.text", 20, "A smaller plan")
    save_post(world.editor, variant.post_id, {"text": "Tea"}, post_for(world.editor, variant.post_id).version)
    client = door(world.manager)
    for page in (f"/accounts/{account.pk}/unfit/", f"/deliveries/{hit.pk}/"):
        assert "The post says something else by now" in client.get(page).content.decode()


def test_limits_of_strangers_are_not_told(harbour: Harbour, door: Door, stranger: World) -> None:
    account = harbour.account()
    override_limit(harbour.world.manager, account.pk, next(keys(account)), 20, "A smaller plan")
    client = door(stranger.owner)
    assert client.get(f"/accounts/{account.pk}/unfit/").status_code == 404
    assert "A smaller plan" not in client.get("/changes/").content.decode()


def keys(account: Account) -> Iterator[str]:
    manifest = registry.get(account.channel).manifest
    return (key for key, *_rest in known_limits(manifest, account.account_type))


def test_no_part_of_a_thread_leaves_when_a_later_one_no_longer_fits(harbour: Harbour) -> None:
    delivery = harbour.sequence("native_key", "Tea", "A second cup that is far too long by now", "Shop")
    Account.objects.filter(pk=delivery.account_id).update(
        limits={"reply.text": {"value": 10, "reason": "smaller", "by": "", "at": clock.now().isoformat()}}
    )
    harbour.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.part) == ("failed", "too_long", 0)
    assert not harbour.platform.posts()
