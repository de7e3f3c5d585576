"""The list of posts shows what fits everything that was chosen, page by page, with as few questions as without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.posts import by_post, standing_as
from kitestring.domains.publishing.rules.seen import LOUDEST
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.views.states import shown as shown_state
from kitestring.domains.workspaces.models import Member
from kitestring.kit import clock
from kitestring.ui.marks import account_choices, account_name
from kitestring.web.posts.chosen import STATES
from tests.world import World

Door = Callable[[Member], Client]


def names(client: Client, **asked: str) -> list[str]:
    answer = client.get(reverse("web:posts"), asked)
    assert answer.status_code == 200
    return re.findall(r'<b class="one w2"[^>]*>(.*?)</b>', answer.content.decode())


def written(harbour: Harbour, title: str, **more: str) -> Post:
    return write_post(harbour.world.editor, harbour.world.brand, title=title, **more)


def test_words_without_marks_find_words_with_marks(harbour: Harbour, door: Door) -> None:
    written(harbour, "Tách cà phê muối", text="Ấm lòng")
    written(harbour, "Bánh mì", text="周五的咖啡")
    client = door(harbour.world.editor)
    assert names(client, q="ca phe") == ["Tách cà phê muối"]
    assert names(client, q="CÀ muoi") == ["Tách cà phê muối"]
    assert names(client, q="cá") == []
    assert names(client, q="周五咖啡") == ["Bánh mì"]


def test_by_account_campaign_and_language(harbour: Harbour, door: Door) -> None:
    campaign = Campaign.objects.create(brand=harbour.world.brand, name="Winter hearth")
    mine, other = harbour.account("native_key", "mine"), harbour.account("native_key", "other")
    one, two = harbour.variant(mine, "On mine"), harbour.variant(other, "On other")
    Post.objects.filter(pk=one.post_id).update(campaign=campaign, language="vi")
    two.language = "zh-hans"
    two.save()
    client = door(harbour.world.editor)
    assert names(client, account=str(mine.pk)) == ["On mine"]
    assert names(client, campaign=str(campaign.pk)) == ["On mine"]
    assert names(client, language="vi") == ["On mine"]
    assert names(client, language="zh-hans") == ["On other"]
    assert names(client, account=str(other.pk), language="vi") == []


def test_each_state_finds_what_the_chip_says(harbour: Harbour, door: Door) -> None:
    """Whatever the deliveries of a post are, the filter and the chip agree: one counts in SQL, the other in Python."""
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    account, second = harbour.account(), harbour.account("read_back", "second")
    due = clock.now() + timedelta(hours=3)
    for state in dict.fromkeys((*LOUDEST, "scheduled")):
        if state in ("approval", "settled", "draft"):
            continue
        first = harbour.delivery(account=account, text=f"Stands {state}", due=due)
        Delivery.objects.filter(pk=first.pk).update(state=state)
        mixed = harbour.delivery(account=second, text=f"Mixed {state}", due=due)
        Delivery.objects.filter(pk=mixed.pk).update(state=state, needs_approval=False, doubt_since=due)
    written(harbour, "Nothing yet")
    posts = Post.objects.all()
    said = {
        post.pk: shown_state(by_post(harbour.world.editor, [post.pk]).get(post.pk, [])) or "draft"
        for post in posts
    }
    assert set(STATES) == set(LOUDEST) == set(said.values())
    for state in STATES:
        found = set(standing_as(posts, state).values_list("pk", flat=True))
        assert found == {pk for pk, word in said.items() if word == state}, state
    assert names(door(harbour.world.editor), state="draft") == ["Nothing yet"]


def test_of_several_deliveries_the_loudest_counts(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(hours=3))
    Delivery.objects.filter(pk=delivery.pk).update(state="withdrawn", occurrence="0")
    again = harbour.delivery(account=delivery.account, text="x", due=clock.now() + timedelta(hours=4))
    Delivery.objects.filter(pk=again.pk).update(revision=delivery.revision, state="failed")
    assert standing_as(Post.objects.filter(pk=delivery.subject_id), "failed").count() == 1
    assert standing_as(Post.objects.filter(pk=delivery.subject_id), "withdrawn").count() == 0


def test_pages_keep_what_was_chosen(harbour: Harbour, door: Door) -> None:
    Post.objects.bulk_create(
        Post(brand=harbour.world.brand, title=f"Tea {n}", language="vi") for n in range(41)
    )
    Post.objects.create(brand=harbour.world.brand, title="Coffee", language="vi")
    client = door(harbour.world.editor)
    page = client.get(reverse("web:posts"), {"q": "tea", "language": "vi"}).content.decode()
    following = re.search(r'href="(\?[^"]*page=2)"', page)
    assert following is not None
    second = client.get(reverse("web:posts") + following[1].replace("&amp;", "&")).content.decode()
    assert second.count('class="li post"') == 1
    assert 'value="tea"' in second
    assert "41 posts fit." in second


@pytest.mark.parametrize("asked", [{"q": "nowhere"}, {"state": "failed"}, {"language": "vi"}])
def test_nothing_fits_says_so_and_how_to_clear_it(
    harbour: Harbour, door: Door, asked: dict[str, str]
) -> None:
    written(harbour, "Only one")
    page = door(harbour.world.editor).get(reverse("web:posts"), asked).content.decode()
    assert "No post fits" in page
    assert f'href="{reverse("web:posts")}">' in page.replace('" class="btn"', '"')
    assert "No post yet" not in page


@pytest.mark.parametrize(
    "asked",
    [{"state": "x"}, {"account": "'"}, {"campaign": "1"}, {"language": "%"}, {"q": "\0 "}, {"page": "x"}],
)
def test_what_cannot_be_read_is_not_chosen(harbour: Harbour, door: Door, asked: dict[str, str]) -> None:
    written(harbour, "Only one")
    assert names(door(harbour.world.editor), **asked) == ["Only one"]


def test_a_strangers_account_and_posts_stay_away(harbour: Harbour, door: Door, stranger: World) -> None:
    account = harbour.account()
    harbour.variant(account, "Ours alone")
    assert names(door(stranger.owner), account=str(account.pk)) == []
    assert names(door(stranger.owner), q="ours") == []


def test_choosing_asks_as_few_questions_for_many_as_for_one(
    harbour: Harbour, door: Door, django_assert_num_queries: Callable[..., Any]
) -> None:
    account, client = harbour.account(), door(harbour.world.editor)
    asked = {"q": "tea", "state": "draft", "account": str(account.pk), "language": "en"}
    harbour.variant(account, "Tea 0")
    names(client, **asked)
    with CaptureQueriesContext(connection) as questions:
        assert len(names(client, **asked)) == 1
    for n in range(4):
        harbour.variant(account, f"Tea {n}")
    with django_assert_num_queries(len(questions)):
        assert len(names(client, **asked)) == 5


def test_what_is_scheduled_shows_its_hour_on_the_brands_clock(harbour: Harbour, door: Door) -> None:
    harbour.world.brand.timezone = "Pacific/Kiritimati"
    harbour.world.brand.save()
    due = clock.now() + timedelta(days=3)
    delivery = harbour.delivery(due=due)
    draft = written(harbour, "Later")
    assert delivery.revision
    asked = {"post": [str(delivery.revision.post_id), str(draft.pk)]}
    said = door(harbour.world.editor).get(reverse("publishing:states"), asked).content.decode()
    assert f"{due.astimezone(harbour.world.brand.zone):%H:%M}" in said
    assert len(re.findall(r"\d\d:\d\d", said)) == 1


def test_accounts_of_one_name_are_told_apart(harbour: Harbour, door: Door) -> None:
    first, second = harbour.account("native_key", "hien"), harbour.account("read_back", "hien")
    page = door(harbour.world.editor).get(reverse("web:posts"), {"q": "x"}).content.decode()
    assert account_name(first) != account_name(second)
    for account in (first, second):
        assert f">{account_name(account)}</option>" in page
    twin = Account.objects.create(
        workspace=harbour.world.workspace, brand=harbour.world.brand, channel=first.channel,
        account_type=first.account_type, remote_id="twin", handle="@twin", name=first.name,
    )  # fmt: skip
    labels = [label for _pk, label in account_choices([first, second, twin])]
    assert labels == [
        f"{account_name(first)} · @hien",
        account_name(second),
        f"{account_name(twin)} · @twin",
    ]
