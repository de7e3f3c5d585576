"""The sentence at a delivery's head claims only what is written down, and hides no doubt there was."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from kitestring.connectorkit.faults import Fault
from kitestring.domains.publishing.actions.settle_by_person import say_live, say_not_live
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.summary import summary_of
from kitestring.domains.publishing.queries.timeline import timeline_of
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.workspaces.models import Member


def told(delivery: Delivery) -> tuple[str, str]:
    """The sentence, and the lines' small print."""
    delivery.refresh_from_db()
    assert delivery.state == "published"
    story = timeline_of(delivery)
    return summary_of(delivery, story), " ".join(line.detail for line in story.lines)


def test_a_doubt_that_ended_in_a_second_attempt_is_said(harbour: Harbour) -> None:
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.work(120)
    text, small = told(delivery)
    assert "2 attempts" in text
    assert "nobody knew whether it was live" in text
    assert "We looked first: it was surely not there" in small


def test_a_persons_word_is_not_told_as_a_clean_attempt(harbour: Harbour) -> None:
    harbour.faults.next(Fault("drop_after", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(60)
    delivery.refresh_from_db()
    say_live(harbour.world.editor, delivery, "https://harbour.test/p/9")
    text, _small = told(delivery)
    assert "A person looked there" in text
    assert "went out in one attempt" not in text


def test_sent_again_on_a_persons_word_claims_no_look_of_ours(harbour: Harbour) -> None:
    harbour.faults.next(Fault("drop_before", at="store"))
    delivery = harbour.delivery("none")
    harbour.work(60)
    delivery.refresh_from_db()
    say_not_live(harbour.world.editor, delivery)
    harbour.work(5)
    text, small = told(delivery)
    assert "nobody knew whether it was live" in text
    assert "e looked" not in text + small


def test_a_channel_that_was_busy_leaves_no_doubt_and_no_look(harbour: Harbour) -> None:
    harbour.faults.next(Fault("busy", at="store"))
    delivery = harbour.delivery("read_back")
    harbour.work(600, step=20)
    text, small = told(delivery)
    assert "2 attempts; before each new one it was certain that nothing was live" in text
    assert "e looked" not in text + small


def test_what_never_left_is_not_told_as_sent_or_as_the_channels_refusal(
    harbour: Harbour, door: Callable[[Member], Client]
) -> None:
    """A limit that was overridden, and holds all the same when the hour comes."""
    delivery = harbour.delivery("read_back")
    delivery.payload = {**delivery.payload, "text": "x" * 301}
    delivery.save(update_fields=["payload"])
    harbour.work(5)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "text_too_long")
    story = timeline_of(delivery)
    assert summary_of(delivery, story).startswith("Kitestring stopped it before anything was sent to Harbour")
    words = [line.text for line in story.lines]
    assert words[-2:] == ["Attempt 1 written down", "Stopped here before anything was sent. Nothing is live"]
    assert (story.sends, story.refused) == (0, 0)
    page = door(harbour.world.manager).get(f"/deliveries/{delivery.pk}/").content.decode()
    assert "Not sent" in page
    assert "then sent to" not in page
    assert "<dt>Attempts</dt>" not in page


def test_the_channels_own_refusal_is_its_own(harbour: Harbour) -> None:
    delivery = harbour.delivery("read_back", text="forbidden")
    harbour.work(5)
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    story = timeline_of(delivery)
    assert "stopped it before" not in summary_of(delivery, story)
    assert [line.text for line in story.lines][-2:] == [
        "Attempt 1 written down, then sent to Harbour (read_back)",
        "Refused. Nothing is live",
    ]
    assert (story.sends, story.refused) == (1, 1)
