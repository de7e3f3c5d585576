"""What comes round in the demo: a recurring post, and an evergreen stock that an account's slots take from."""

from __future__ import annotations

from datetime import time
from typing import Any

from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.set_slots import set_slots
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.rules.recurrence import WEEK, Rule
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.sandbox.seed.desk import Desk, read_world
from kitestring.sandbox.seed.future import written

BRAND = "hien"


def write_rounds(desk: Desk) -> None:
    """Everything of rounds_hien.toml, by the actions a person would use."""
    world, writer = read_world(f"rounds_{BRAND}.toml"), desk.writer(BRAND)
    weekly = world["recurring"]
    starts = desk.at.astimezone(desk.brand(BRAND).zone).date()
    rule = Rule(WEEK, time.fromisoformat(weekly["at"]), starts, weekdays=tuple(weekly["weekdays"]))
    start_series(writer, _approved(desk, weekly), rule)
    for entry in world["evergreen"]:
        keep_evergreen(writer, _approved(desk, entry))
    for entry in world["slots"]:
        if (BRAND, entry["on"]) in desk.accounts:
            account, _presence = desk.accounts[BRAND, entry["on"]]
            at = time.fromisoformat(entry["at"])
            set_slots(writer, account.pk, [(day, at) for day in entry["weekdays"]])


def _approved(desk: Desk, entry: dict[str, Any]) -> Post:
    post = written(desk, BRAND, entry)
    approve(desk.approver(BRAND), ask_approval(desk.writer(BRAND), post.pk).pk)
    return post
