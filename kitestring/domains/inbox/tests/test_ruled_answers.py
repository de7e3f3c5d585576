"""What the rules say of an answer before it is sent: errors stop it, exemptions let it go, the words stay in the box."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from kitestring.connectorkit import registry
from kitestring.domains.inbox.actions.claim import claimed_with
from kitestring.domains.inbox.actions.reply import reply
from kitestring.domains.inbox.models import Direction, Message, Sort
from kitestring.domains.inbox.queries.ruled import hits_on_answer
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import rules
from tests.world import World

Door = Callable[[Member], Client]
HX = {"HX-Request": "true"}
BEST = "Cà phê ngon nhất Sài Gòn đây ạ"


@pytest.fixture
def talk(street: Any, world: World) -> Any:
    """Somebody asked under a post of a brand that sells in Vietnam and China."""
    world.brand.markets = ["VN", "CN"]
    world.brand.save()
    street.comes("Có ngon không?")
    return street.talk()


def claim(**more: str) -> dict[str, str]:
    given = {
        "rule": "vn-best",
        "words": "nhất",
        "ground": "no-claim",
        "reason": "",
        "evidence": "",
        "evidence_on": "",
    }
    return given | more


def sent() -> int:
    return Delivery.objects.filter(kind=DeliveryKind.REPLY).count()


def met(talk: Any, text: str) -> dict[str, Any]:
    return {hit.rule: hit for hit in hits_on_answer(talk, None, text)}


def test_an_error_stops_the_answer_and_keeps_the_words(talk: Any, world: World, door: Door) -> None:
    hit = met(talk, BEST)["vn-best"]
    assert hit.severity == "error"
    answer = door(world.editor).post(f"/inbox/{talk.pk}/reply/", {"text": BEST}, headers=HX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f">{BEST}</textarea>" in page
    assert hit.law.en in page
    assert "ask a manager to answer" in page
    assert "claim-0-ground" not in page, "nobody is shown a form that is refused on sending"
    page = door(world.manager).post(f"/inbox/{talk.pk}/reply/", {"text": BEST}, headers=HX).content.decode()
    assert "claim an exemption below" in page
    assert "claim-0-ground" in page
    assert (sent(), Message.objects.filter(direction=Direction.OUT).count()) == (0, 0)


def test_a_warning_is_said_and_stops_nothing(talk: Any, world: World, door: Door) -> None:
    text = "我们家的茶最好喝，欢迎来店"
    assert {hit.severity for hit in met(talk, text).values()} == {"warning"}
    said = door(world.editor).post(f"/inbox/{talk.pk}/count/", {"text": text}, headers=HX).content.decode()
    assert rules()["cn-abs"].law.en in said
    assert door(world.editor).post(f"/inbox/{talk.pk}/reply/", {"text": text}, headers=HX).status_code == 200
    assert sent() == 1


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "未发送"), ("vi", "Chưa gửi")])
def test_the_refusal_speaks_the_readers_language(talk: Any, world: World, language: str, says: str) -> None:
    with translation.override(language), pytest.raises(Refusal) as refused:
        reply(world.editor, talk.pk, BEST)
    assert says in refused.value.message
    assert rules()["vn-best"].law.in_(language) in refused.value.message


def test_a_claimed_exemption_lets_it_go_and_is_kept(talk: Any, world: World, door: Door) -> None:
    words = met(talk, BEST)["vn-best"].words
    typed = {f"claim-0-{key}": value for key, value in claim(words=words, reason="A song’s name").items()}
    answer = door(world.manager).post(f"/inbox/{talk.pk}/reply/", {"text": BEST, **typed}, headers=HX)
    assert answer.status_code == 200
    assert "Exempt from a rule" in answer.content.decode()
    [kept] = Message.objects.get(direction=Direction.OUT).exemptions
    assert (kept["rule"], kept["ground"], kept["reason"]) == ("vn-best", "no-claim", "A song’s name")
    assert kept["by"] == str(world.manager.pk)
    entry = AuditEntry.objects.filter(verb="inbox.reply").latest("at")
    assert entry.after["exemptions"][0]["words"] == words


def test_an_exemption_says_why_or_names_its_document(talk: Any, world: World, door: Door) -> None:
    words = met(talk, BEST)["vn-best"].words
    for one, field in (
        (claim(words=words), "reason"),
        (claim(words=words, ground="document"), "evidence"),
        (claim(words=words, ground="document", evidence="Giải thưởng 2026"), "evidence_on"),
        (claim(words=words, ground="moon"), "ground"),
    ):
        with pytest.raises(Refusal) as refused:
            reply(world.editor, talk.pk, BEST, claims=[one])
        assert refused.value.field == field
    typed = {
        f"claim-0-{key}": value
        for key, value in claim(words=words, ground="document", evidence="Giải").items()
    }
    page = (
        door(world.manager)
        .post(f"/inbox/{talk.pk}/reply/", {"text": BEST, **typed}, headers=HX)
        .content.decode()
    )
    assert 'value="Giải"' in page, "what was typed stays"
    assert sent() == 0


def test_a_document_must_stand_in_the_answer(talk: Any, world: World) -> None:
    words = met(talk, BEST)["vn-best"].words
    given = claim(
        words=words, ground="document", evidence="Khảo sát ABC 2026", evidence_on=now().date().isoformat()
    )
    reply(world.manager, talk.pk, f"{BEST} (Khảo sát ABC 2026)", claims=[given])
    assert sent() == 1


def test_what_is_not_met_is_not_kept(talk: Any, world: World) -> None:
    made = reply(world.editor, talk.pk, "Dạ ngon ạ", claims=[claim(reason="For later, perhaps")])
    assert made.exemptions == []


def test_only_rules_of_answers_speak(talk: Any, world: World) -> None:
    posts_only = {one.id for one in rules().values() if "reply" not in one.where.said}
    assert "cn-draw-text" in posts_only
    assert not posts_only & set(met(talk, "随机抽三位送盖碗 #a #b #c #d #e #f"))
    talk.sort = Sort.MESSAGE
    assert "vn-best" not in met(talk, BEST), "an advertising law is about what is public"


def test_an_answer_nobody_asked_for(talk: Any, world: World) -> None:
    rule = rules()["x-unasked"]
    [talk.account.channel] = rule.where.channels
    talk.account.save()
    assert registry.get(talk.account.channel).manifest.mode == "api"
    theirs = Message.objects.get(direction=Direction.IN)
    theirs.can_reply = False
    theirs.save()
    with pytest.raises(Refusal) as refused:
        reply(world.editor, talk.pk, "Hello", to=theirs.pk)
    assert rule.law.en in refused.value.message
    theirs.can_reply = True
    theirs.save()
    reply(world.editor, talk.pk, "Hello", to=theirs.pk)
    assert sent() == 1


def test_an_exemption_holds_for_words_of_any_length(talk: Any, world: World) -> None:
    words = "nhất " * 60
    [one] = claimed_with(world.manager, [claim(words=words, reason="A song’s name")])
    assert one.words == words, "cut, they would be no hit's own"


@pytest.mark.parametrize("reason", ["x", "ok ok", "…… !!! ??", "歌名"])
def test_a_reason_is_a_sentence_and_is_asked_for_as_what_becomes_of_it(
    talk: Any, world: World, reason: str
) -> None:
    words = met(talk, BEST)["vn-best"].words
    with pytest.raises(Refusal, match="kept on the answer and in the record") as refused:
        reply(world.manager, talk.pk, BEST, claims=[claim(words=words, reason=reason)])
    assert refused.value.field == "reason"
    assert sent() == 0


@pytest.mark.parametrize("reason", ["A song’s name", "这是一首歌的歌名"])
def test_a_sentence_in_any_script_is_a_reason(talk: Any, world: World, reason: str) -> None:
    words = met(talk, BEST)["vn-best"].words
    made = reply(world.manager, talk.pk, BEST, claims=[claim(words=words, reason=reason)])
    assert made.exemptions[0]["reason"] == reason


def test_nobody_takes_an_error_away_for_himself_where_answers_need_an_approver(
    talk: Any, world: World
) -> None:
    given = claim(words=met(talk, BEST)["vn-best"].words, reason="A song’s name")
    with pytest.raises(Refusal, match="Only who may approve") as refused:
        reply(world.editor, talk.pk, BEST, claims=[given])
    assert refused.value.field == "text"
    assert sent() == 0
    world.brand.needs_approval = False
    world.brand.save()
    assert reply(world.editor, talk.pk, BEST, claims=[given]).exemptions
