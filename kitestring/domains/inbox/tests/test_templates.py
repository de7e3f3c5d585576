"""A template reaches a person whom words do not reach any more: chosen, filled in, looked at, sent by the ledger once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kitestring.connectorkit.emulation import Fault
from kitestring.domains.channels.tests.counter import Counter, counter
from kitestring.domains.inbox.actions.send_template import send_template, templates_for
from kitestring.domains.inbox.models import Conversation, Direction, Message
from kitestring.domains.inbox.queries.ruled import hits_on_answer
from kitestring.domains.inbox.tests.test_tags import talk
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from tests.world import World

__all__ = ["counter", "talk"]
Door = Callable[[Member], Client]
BLANKS = {"blank-character_string1": "20261130001", "blank-thing2": "明前龙井"}


@pytest.fixture
def late(talk: Conversation) -> Conversation:
    """They wrote three days ago: the time to answer is over."""
    Message.objects.create(
        conversation=talk,
        account=talk.account,
        direction=Direction.IN,
        remote_id="olan:1",
        text="发货了吗？",
        at=now() - timedelta(days=3),
    )
    return talk


def path(talk: Conversation, key: str = "") -> str:
    return f"/inbox/{talk.pk}/template/" + (f"?template={key}" if key else "")


def key_of(world: World, talk: Conversation) -> str:
    return templates_for(world.editor, talk.pk)[0].key


def test_it_is_offered_where_words_are_too_late_and_sent_once(
    world: World, door: Door, late: Conversation
) -> None:
    client, key = door(world.editor), key_of(world, late)
    assert path(late) in client.get(f"/inbox/{late.pk}/").content.decode()
    assert "订单发货提醒" in client.get(path(late)).content.decode()
    shown = client.get(path(late, key)).content.decode()
    assert "订单编号" in shown
    assert "At most 20 characters" in shown
    looked = client.post(path(late, key), {**BLANKS, "do": "preview"}).content.decode()
    assert "商品名称：明前龙井" in looked
    assert not Delivery.objects.exists()
    for _ in range(2):
        assert client.post(path(late, key), {**BLANKS, "do": "send"}).status_code == 302
    delivery = Delivery.objects.get()
    assert delivery.publish_kind == "message"
    assert delivery.payload["options"] == {
        "template": key, "blank.character_string1": "20261130001", "blank.thing2": "明前龙井",
    }  # fmt: skip
    assert AuditEntry.objects.get(verb="inbox.template").after["template"] == "订单发货提醒"
    assert "明前龙井" in client.get(f"/inbox/{late.pk}/").content.decode()


@pytest.mark.parametrize(("wrong", "said"), [("", "Still empty"), ("茶" * 21, "21 characters, and 20 fit")])
def test_a_blank_that_is_wrong_is_said_beside_it(
    wrong: str, said: str, world: World, door: Door, late: Conversation
) -> None:
    answer = door(world.editor).post(
        path(late, key_of(world, late)), {**BLANKS, "blank-thing2": wrong, "do": "send"}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="20261130001"' in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_template_that_is_gone_and_a_channel_that_is_silent_are_said(
    world: World, door: Door, late: Conversation, counter: Counter
) -> None:
    client = door(world.editor)
    assert "no longer has this template" in client.get(path(late, "gone")).content.decode()
    counter.faults.next(Fault("down"))
    assert "The templates cannot be read now." in client.get(path(late)).content.decode()


def test_an_account_of_another_type_has_none(
    world: World, door: Door, late: Conversation, counter: Counter
) -> None:
    of = counter.of
    of.account_type = "subscription_verified"
    of.save()
    client = door(world.editor)
    assert client.get(path(late)).status_code == 404
    assert path(late) not in client.get(f"/inbox/{late.pk}/").content.decode()


def test_who_only_reads_sends_none(world: World, door: Door, late: Conversation) -> None:
    template = templates_for(world.editor, late.pk)[0]
    assert door(world.analyst).get(path(late)).status_code == 403
    with pytest.raises(Exception, match="cannot do this"):
        send_template(world.analyst, late.pk, template, {})


def test_what_a_rule_forbids_goes_out_by_no_blank(world: World, door: Door, late: Conversation) -> None:
    forced = "不转不是中国人"
    [hit] = [one for one in hits_on_answer(late, None, forced) if one.severity == "error"]
    client, there = door(world.editor), path(late, key_of(world, late))
    answer = client.post(there, {**BLANKS, "blank-thing2": forced, "do": "send"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert hit.law.en in page
    assert "what you typed is still here" in page
    assert f'value="{forced}"' in page
    assert not Delivery.objects.exists()
    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_an_exemption_is_claimed_for_what_a_template_says(
    world: World, door: Door, late: Conversation
) -> None:
    said = "扫码关注，领红包"
    [hit] = [one for one in hits_on_answer(late, None, said) if one.severity == "error"]
    ground = next(one.id for one in hit.exemptions if not one.evidence)
    client, there = door(world.manager), path(late, key_of(world, late))
    typed = {**BLANKS, "blank-thing2": said, "do": "send"}
    page = client.post(there, typed).content.decode()
    assert "claim an exemption below" in page
    assert 'name="claim-0-ground"' in page
    claim = {
        "claim-0-rule": hit.rule,
        "claim-0-words": hit.words,
        "claim-0-ground": ground,
        "claim-0-reason": "",
        "claim-0-evidence": "",
        "claim-0-evidence_on": "",
    }
    unsaid = client.post(there, {**typed, **claim})
    assert unsaid.status_code == 422
    assert "Say in a sentence why it holds" in unsaid.content.decode()
    assert not Delivery.objects.exists()
    why = "红包是已付订单的退款，不以关注为条件"
    assert client.post(there, {**typed, **claim, "claim-0-reason": why}).status_code == 302
    ours = Message.objects.get(direction=Direction.OUT)
    assert ours.exemptions[0]["rule"] == hit.rule
    assert AuditEntry.objects.get(verb="inbox.template").after["exemptions"][0]["ground"] == ground
