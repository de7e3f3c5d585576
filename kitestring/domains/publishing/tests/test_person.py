"""What a person decides: live, not live, give up, hold, hand-off with proof, withdraw. Each is recorded with who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.hand_off import prove, take, take_back
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_live, say_not_live
from kitestring.domains.publishing.actions.take_down import take_down
from kitestring.domains.publishing.actions.withdraw import say_withdrawn, withdraw
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests.conftest import Harbour, tries
from kitestring.domains.workspaces.models import AuditEntry
from kitestring.kit import clock
from kitestring.kit.refusals import Conflict, Refusal


@pytest.fixture
def asked(harbour: Harbour) -> Delivery:
    """One whose answer was lost on a channel without a look-up."""
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "needs_attention"
    return delivery


def test_live_with_its_address(harbour: Harbour, asked: Delivery) -> None:
    say_live(harbour.world.editor, asked, " https://harbour.test/p/9 ")
    assert (asked.state, asked.remote_url) == ("published", "https://harbour.test/p/9")
    assert tries(asked)[-1] == ("person", "published", "")
    assert AuditEntry.objects.filter(verb="delivery.settle", member=harbour.world.editor).exists()


@pytest.mark.parametrize(
    "url",
    ["", "not a link", "javascript:alert(1)", "ftp://x", "http://[", "https://，", "https://" + "a" * 2000],
)
def test_an_address_that_is_none_is_refused(harbour: Harbour, asked: Delivery, url: str) -> None:
    with pytest.raises(Refusal) as refused:
        say_live(harbour.world.editor, asked, url)
    assert refused.value.field == "url"
    asked.refresh_from_db()
    assert asked.state == "needs_attention"


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("看看这个 https://harbour.test/explore/abc，快来", "https://harbour.test/explore/abc"),
        ("(https://harbour.test/p/9).", "https://harbour.test/p/9"),
        ("（https://harbour.test/p/9）。", "https://harbour.test/p/9"),
        ("“https://harbour.test/p/9”", "https://harbour.test/p/9"),
        ('<a href="https://harbour.test/p/9">here</a>', "https://harbour.test/p/9"),
        ("Xem: <https://harbour.test/p/9>!", "https://harbour.test/p/9"),
        ("「https://harbour.test/p/9」", "https://harbour.test/p/9"),
        ("https://harbour.test/p/9｡", "https://harbour.test/p/9"),
        ("https://harbour.test/p/9…", "https://harbour.test/p/9"),
        ("[post](https://harbour.test/p/9), look", "https://harbour.test/p/9"),
        ("https://harbour.test/wiki/Kite_(toy)", "https://harbour.test/wiki/Kite_(toy)"),
        ("https://harbour.test/a,b?q=1&r=x_", "https://harbour.test/a,b?q=1&r=x_"),
        ("HTTPS://harbour.test/p/9", "HTTPS://harbour.test/p/9"),
    ],
)
def test_a_pasted_share_text_gives_the_clean_address(
    harbour: Harbour, asked: Delivery, pasted: str, address: str
) -> None:
    say_live(harbour.world.editor, asked, pasted)
    assert asked.remote_url == address


def test_signs_that_cannot_be_stored_are_taken_out_of_an_address(harbour: Harbour, asked: Delivery) -> None:
    say_live(harbour.world.editor, asked, "https://harbour.test/p/9\x00")
    assert asked.remote_url == "https://harbour.test/p/9"


def test_not_live_sends_with_the_same_key(harbour: Harbour, asked: Delivery) -> None:
    key = asked.key
    say_not_live(harbour.world.editor, asked)
    harbour.work(2)
    asked.refresh_from_db()
    assert (asked.state, asked.key) == ("published", key)
    assert harbour.copies(asked) == 1


def test_given_up_never_leaves(harbour: Harbour, asked: Delivery) -> None:
    give_up(harbour.world.editor, asked)
    harbour.work(5)
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    assert harbour.platform.posts() == []


def test_only_who_may_settle_settles(harbour: Harbour, asked: Delivery) -> None:
    with pytest.raises(Refusal):
        say_not_live(harbour.world.approver, asked)


def test_held_by_hand_stays_until_it_is_released(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=1))
    hold(harbour.world.editor, delivery)
    harbour.pass_(61)
    harbour.work(20)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("held", "held_by_person")
    release(harbour.world.editor, delivery)
    harbour.work(2)
    delivery.refresh_from_db()
    assert delivery.state == "published"


class TestHandOff:
    def due(self, harbour: Harbour) -> Delivery:
        delivery = harbour.delivery("by_hand")
        harbour.work(1)
        delivery.refresh_from_db()
        assert delivery.state == "handed_off"
        return delivery

    def test_done_only_with_a_proof_on_the_channel(self, harbour: Harbour) -> None:
        delivery = self.due(harbour)
        take(harbour.world.editor, delivery)
        assert delivery.carried_by == harbour.world.editor
        for elsewhere in (
            "https://rival.test/p/1",
            "https://harbour.test.rival.test/p/1",
            "https://xharbour.test/1",
        ):
            with pytest.raises(Refusal) as refused:
                prove(harbour.world.editor, delivery, elsewhere)
            assert refused.value.field == "url"
        prove(harbour.world.editor, delivery, "发布了一篇笔记 https://m.harbour.test/p/1，复制本条信息")
        assert (delivery.state, delivery.remote_url) == ("published", "https://m.harbour.test/p/1")

    def test_late_asks_and_may_still_be_proved(self, harbour: Harbour) -> None:
        delivery = self.due(harbour)
        harbour.pass_(3700)
        harbour.work(1)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == ("needs_attention", "hand_off_late")
        prove(harbour.world.editor, delivery, "https://harbour.test/p/2")
        assert delivery.state == "published"

    def test_taken_back_waits_for_another_hour(self, harbour: Harbour) -> None:
        delivery = self.due(harbour)
        take_back(harbour.world.editor, delivery)
        harbour.work(30)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == ("held", "held_by_person")


class TestWithdraw:
    def test_taken_down_by_the_worker(self, harbour: Harbour) -> None:
        delivery = harbour.delivery()
        harbour.send()
        delivery.refresh_from_db()
        withdraw(harbour.world.editor, delivery)
        harbour.run(lambda: take_down(delivery.pk))
        delivery.refresh_from_db()
        assert delivery.state == "withdrawn"
        assert harbour.platform.posts() == []
        assert tries(delivery)[-1] == ("withdraw", "withdrawn", "")

    def test_by_hand_where_we_cannot(self, harbour: Harbour) -> None:
        delivery = harbour.delivery("by_hand")
        harbour.work(1)
        delivery.refresh_from_db()
        with pytest.raises(Conflict):
            withdraw(harbour.world.editor, delivery)
        prove(harbour.world.editor, delivery, "https://harbour.test/p/3")
        with pytest.raises(Refusal):
            withdraw(harbour.world.editor, delivery)
        say_withdrawn(harbour.world.editor, delivery)
        assert delivery.state == "withdrawn"


def test_withdrawing_what_is_gone_does_nothing(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    async_to_sync(take_down)(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
