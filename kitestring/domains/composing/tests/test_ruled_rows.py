"""What a rule says stands in one row: of which field, on which accounts, with the question it asks."""

from __future__ import annotations

import re

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.about import declaring
from kitestring.domains.composing.tests.test_composer import account_on
from kitestring.domains.composing.tests.test_ruled import Door, post
from kitestring.rulepacks import rules
from tests.world import World

__all__ = ["post"]


def test_what_is_said_of_several_accounts_is_said_once_in_the_checks(
    world: World, post: Post, door: Door
) -> None:
    world.brand.markets = ["VN"]
    world.brand.save()
    first, second, own = (
        add_variant(world.editor, post.pk, account_on(world, unit))
        for unit in ("grapheme", "utf16", "weighted")
    )
    page = door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    checks = page.split('<div id="part-problems">')[1].split('id="quota-problems"')[0]
    assert checks.count('<b dir="auto">') == 1
    assert checks.count("as above") == 3
    save_variant(world.editor, own.pk, {"text": "Trà rẻ nhất"}, post_for(world.editor, post.pk).version)
    page = door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    checks = page.split('<div id="part-problems">')[1].split('id="quota-problems"')[0]
    assert checks.count("as above") == 2
    assert checks.count(f'data-of-panel="side-{own.pk}"') == 1, "its own words are its own"
    assert f'data-of-panel="side-{first.pk}"' not in checks
    assert second


def test_the_same_words_in_title_and_text_are_told_apart_and_each_account_once(
    world: World, post: Post, door: Door
) -> None:
    slug = next(
        slug
        for slug, one in registry.connectors().items()
        if any(kind.title for kind in one.manifest.kinds_for("")[:1])
    )
    for name in ("Quán Một", "Quán Hai"):
        account = Account.objects.create(
            workspace=world.workspace, brand=world.brand, channel=slug, remote_id=name, handle=name, name=name
        )
        add_variant(world.editor, post.pk, account)
    world.brand.markets = ["VN"]
    world.brand.save()
    version = post_for(world.editor, post.pk).version
    save_post(world.editor, post.pk, {"title": "Ngon nhất phố", "text": "Ly ngon nhất."}, version)
    page = door(world.editor).get(f"/posts/{post.pk}/").content.decode()
    source = page.split('data-with="source"')[1].split('data-with="side-')[0]
    checks = page.split('<div id="part-problems">')[1].split('id="quota-problems"')[0]
    for part in (source, checks):
        ours = part.split('data-ruled="vn-best:')[1:]
        assert sorted(one.split('data-field="')[1].split('"')[0] for one in ours) == ["text", "title"]
        assert all(re.search("On 2 accounts: Quán Một[^,]*, Quán Hai", one) for one in ours), part
        assert ["Found in the title" in one for one in ours] == ['data-field="title"' in one for one in ours]


def test_what_a_rule_asks_of_the_post_has_its_question() -> None:
    asked = {one.fact for rule in rules().values() if rule.stricter for one in rule.stricter.when}
    assert asked
    for fact in asked:
        found = declaring([fact])
        assert found is None or found.question, fact
