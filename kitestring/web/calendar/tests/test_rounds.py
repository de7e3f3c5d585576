"""What comes round and is paused stands on no day: the calendar says so, with the way to it."""

from __future__ import annotations

from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.publishing.actions.hold import hold
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.rounds import at_eight, daily, repeating
from kitestring.web.calendar.tests.test_calendar import Door, at_there, shown

SAID = "Paused, so its times do not stand here:"


def test_a_paused_series_is_named_with_the_way_to_it(harbour: Harbour, door: Door) -> None:
    at_eight(harbour)
    series, client = repeating(harbour, daily(harbour, times=3)), door(harbour.world.editor)
    assert SAID not in shown(client)
    pause_series(harbour.world.editor, series.pk)
    page = shown(client, view="list")
    assert SAID in page
    assert f'href="/series/{series.pk}/"' in page
    assert "A warm cup</a>" in page
    assert SAID not in shown(client, day="2020-01-01")
    resume_series(harbour.world.editor, series.pk)
    assert SAID not in shown(client)


def test_a_day_counts_posts_and_not_their_accounts(harbour: Harbour, door: Door) -> None:
    """One post that stands otherwise on its second account takes two lines, and is one post."""
    when = at_there(harbour, 2, 9)
    first = harbour.variant(harbour.account("native_key"), "A loaf")
    second = add_variant(harbour.world.editor, first.post_id, harbour.account("read_back", "other"))
    schedule_delivery(harbour.world.editor, first, when)
    hold(harbour.world.editor, schedule_delivery(harbour.world.editor, second, when))
    page = shown(door(harbour.world.editor), view="day", day=f"{when:%Y-%m-%d}", part="list")
    assert page.count("lrow") == 2
    assert "1 post<" in page
