"""Steps 8 and 9: somebody answers, we answer back and it stands there; numbers come in on their ladder."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from kitestring.domains.inbox.models import Conversation
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import WrongAnswer
from kitestring.sandbox.once.stage import Stage

ANSWER = "Dạ có bạn ơi, ghé quán nào gần nhà cũng được, nhớ nói “khuấy ba vòng” nha."


def conversation(stage: Stage) -> str:
    """8: a comment of the audience comes in as owed, is answered, and the answer is on the platform, once."""
    return "; ".join(_one(stage, channel) for channel in stage.real or ("bluesky",))


def _one(stage: Stage, channel: str) -> str:
    delivery = queries.deliveries(stage.ids["post"])[channel]
    if channel in stage.real:
        stage.real[channel].speak(delivery.remote_id)
    owed: Conversation = stage.until(
        f"a comment on {channel}", lambda: queries.owed_on(delivery.pk), within=90
    )
    asked = queries.last_words(owed.pk).text
    stage.doors["quan"].get(f"/inbox/{owed.pk}/")
    stage.doors["quan"].post(f"/inbox/{owed.pk}/reply/", {"text": ANSWER})
    ours = queries.our_words(owed.pk, ANSWER)
    sent = stage.until(
        "our answer's delivery",
        lambda: d if (d := queries.delivery_of(ours.pk)) and d.state == "published" else None,
    )
    if not _is_there(stage, channel, delivery.remote_id, sent.remote_id):
        raise WrongAnswer(f"The answer {sent.remote_id} is not on {channel}.")
    if queries.incoming_copies(owed.pk, ANSWER):
        raise WrongAnswer("Our own answer came back as news.")
    return f"{channel}, {owed.contact_name}: “{asked[:60]}”, conversation {owed.pk}, answered as {sent.remote_id}"


def _is_there(stage: Stage, channel: str, post: str, answer: str) -> bool:
    if channel in stage.real:
        return bool(stage.real[channel].holds(post, ANSWER))
    items: list[dict[str, Any]] = stage.switch(channel, "items", root=post)["items"]
    return any(item["id"] == answer and item["text"] == ANSWER and item["parent"] for item in items)


def metrics(stage: Stage) -> str:
    """9: the first rung of the ladder is a minute after publishing; each value keeps its field and time."""
    told = []
    for channel in stage.real or ("bluesky", "mastodon"):
        delivery = queries.deliveries(stage.ids["post"])[channel]
        if channel in stage.real:
            stage.real[channel].like(delivery.remote_id)
        rows = stage.until(
            f"the first numbers of {channel}", partial(queries.samples, delivery.pk), within=120
        )
        age = time.monotonic() - stage.ids["published"]
        values = ", ".join(f"{r.metric} {r.value:g} ({r.field})" for r in rows if r.value is not None)
        if not values:
            raise WrongAnswer(f"{channel} gave no numbers.")
        told.append(f"{channel} after {age:.0f} s: {values}")
    return "; ".join(told)
