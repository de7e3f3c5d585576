"""Steps 6 and 7: the worker delivers on time, a lost answer doubles nothing, and every kind of channel has its way."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.queries import idea_for
from kitestring.domains.planning.queries import campaign_for
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import WrongAnswer
from kitestring.sandbox.once.opening import email_of
from kitestring.sandbox.once.stage import NotReached, Stage
from kitestring.sandbox.once.writing import approve_by_page, save

LOST = "Bảy loại muối, một loại thắng. Bạn đoán loại nào?"
STUCK = ("failed", "needs_attention", "cancelled")


def delivered(
    stage: Stage, post_id: str, channel: str, want: str = "published", within: float = 60
) -> Delivery:
    """The post's delivery on this channel once it is `want`. Raises NotReached when it is stuck or late."""

    def look() -> Delivery | None:
        found = queries.deliveries(post_id)[channel]
        if found.state in STUCK and found.state != want:
            raise NotReached(f"{channel} came to {found.state}: {found.reason} {found.said}".strip())
        return found if found.state == want else None

    return stage.until(f"{want} on {channel}", look, within)


def write(
    stage: Stage,
    channel: str,
    text: str,
    title: str,
    kind: str = "",
    asset: str = "",
    settings: Mapping[str, str] | None = None,
) -> str:
    """One more post of the campaign for one account, approved by page; its id. `asset` "" is the picture of step 3."""
    editor = queries.member(email_of("quan"))
    campaign = campaign_for(editor, stage.ids["campaign"])
    idea = idea_for(editor, stage.ids["idea"])
    post: Post = write_post(editor, campaign.brand, title=title, text=text, campaign=campaign, idea=idea)
    post_id, account = str(post.pk), queries.accounts()[channel]
    stage.doors["quan"].post(f"/posts/{post_id}/variants/", {"account": str(account.pk)})
    file = {"asset": asset or stage.ids["asset"], "alt": "Ly cà phê muối"}
    save(stage, f"/posts/{post_id}/media/", file, post_id)
    own = {"kind": kind} if kind else {}
    own |= {f"option-{key}": value for key, value in (settings or {}).items()}
    if own:
        save(stage, f"/variants/{queries.variants(post_id)[channel].pk}/save/", own, post_id)
    approve_by_page(stage, post_id)
    return post_id


def delivery(stage: Stage) -> str:
    """6: published by the worker on its second; a lost answer is looked up, not sent again."""
    post_id = stage.ids["post"]
    start_slow(stage)
    lines = []
    for channel in queries.deliveries(post_id):
        done = delivered(stage, post_id, channel)
        late = ((done.published_at or done.due_at) - done.due_at).total_seconds()
        lines.append(f"{channel} {done.remote_id} (+{late:.1f} s)")
    stage.ids["published"] = time.monotonic()
    moved = stage.doors["quan"].post(
        f"/deliveries/{queries.deliveries(post_id)['bluesky'].pk}/move/",
        {"day": (now() + timedelta(days=30)).date().isoformat(), "time": "09:00"},
        want=409,
    )
    if moved.status != 409:
        raise WrongAnswer("A published delivery could be moved.")
    return "; ".join(lines) + "; moving it now is refused. " + lost_answer(stage)


def lost_answer(stage: Stage) -> str:
    """The channel stores the post and breaks the connection: one copy stays one copy."""
    channel = "mastodon" if "bluesky" in stage.real else "bluesky"
    post_id = write(stage, channel, LOST, "Bảy loại muối")
    stage.switch(channel, "fault", kind="drop_after", at="store")
    stage.doors["quan"].post(f"/posts/{post_id}/publish-now/")
    done = delivered(stage, post_id, channel, within=90)
    tries = queries.tries(done.pk)
    copies = [i for i in stage.switch(channel, "items", text=LOST)["items"] if not i["parent"]]
    if len(copies) != 1 or copies[0]["id"] != done.remote_id or not any(o == "unknown" for _, o, _ in tries):
        raise WrongAnswer(f"After a lost answer {channel} holds {len(copies)} copies; attempts {tries}.")
    walked = " -> ".join(f"{step} {outcome}" for step, outcome, _ in tries)
    return f"Lost answer on {channel}: {walked}, 1 copy there, {done.remote_id}"


def start_slow(stage: Stage) -> None:
    """WeChat takes its time over both of its ways, so they set out while the others are on theirs."""
    pushed = write(
        stage,
        "wechat",
        "第一口不搅，第二口搅三圈。到店说“搅三圈”，送一块姜饼。",
        "咸咖啡，搅三圈",
        "mass_send",
    )
    linked = write(stage, "wechat", "从顺化到薄辽，七种盐，盲品一次。", "七种盐", "publish")
    stage.ids["slow"] = [(pushed, "wechat", "mass send"), (linked, "wechat", "publish")]
    for post_id in (pushed, linked):
        stage.doors["quan"].post(f"/posts/{post_id}/publish-now/")
    waiting = delivered(stage, pushed, "wechat", "processing")
    stage.switch("wechat", "confirm", what=waiting.handle)


def channels(stage: Stage) -> str:
    """7: both ways of WeChat, confirmed by the administrator where it is pushed; a hand-off with its proof."""
    by_hand = hand_off(stage)
    told = []
    for post_id, channel, name in stage.ids["slow"]:
        done = delivered(stage, post_id, channel, within=120)
        told.append(f"{channel} {name} {done.remote_id}")
    return "; ".join([*told, by_hand])


def hand_off(stage: Stage) -> str:
    """The channel without an interface: on the phone's page, done only with a proof that lies there."""
    post_id = write(
        stage, "xiaohongshu", "第一口不搅，第二口搅三圈。店里说“搅三圈”，有姜饼。", "咸咖啡怎么点"
    )
    quan = stage.doors["quan"]
    quan.post(f"/posts/{post_id}/publish-now/")
    waiting = delivered(stage, post_id, "xiaohongshu", "handed_off")
    path = f"/deliveries/{waiting.pk}/hand-off/"
    quan.get(path)
    quan.post(f"{path}take/")
    quan.post(f"{path}proof/", {"url": "https://example.com/elsewhere"}, want=422)
    proof = "https://www.xiaohongshu.com/explore/6560a1b2000000001203c4d5"
    quan.post(f"{path}proof/", {"url": proof})
    done = delivered(stage, post_id, "xiaohongshu")
    return f"xiaohongshu by hand, proof {done.remote_url} (another address was refused)"
