"""Steps 3, 4 and 5: a variant for each account, an approval that an edit voids, an hour that can be moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.kit.clock import now
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import WrongAnswer
from kitestring.sandbox.once.opening import email_of
from kitestring.sandbox.once.stage import Stage
from kitestring.sandbox.seed.pictures import draw

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BASE_TEXT = "Ngụm đầu đừng khuấy. Ngụm thứ hai khuấy đúng ba vòng, từ đáy lên. Ngụm thứ ba bạn tự quyết."
LATER = BASE_TEXT + " Nói “khuấy ba vòng” ở quán, thêm một bánh quy gừng."
SHORT = "Ngụm đầu đừng khuấy. Ngụm thứ hai, ba vòng. Ghé Hiên, nói “khuấy ba vòng”."
# The channels of the line's post; the others, by hand or at another hour, have posts of their own in step 7.
TOGETHER = ("bluesky", "mastodon", "telegram", "wordpress")


def variants(stage: Stage) -> str:
    """3: one source, a variant for each account with its own words, kind and alternative text."""
    quan, post_id = stage.doors["quan"], stage.ids["post"]
    stage.ids["asset"] = picture(stage)
    for channel, variant in queries.variants(post_id).items():
        if channel not in TOGETHER:
            quan.post(f"/variants/{variant.pk}/remove/")
    save(stage, f"/posts/{post_id}/save/", {"title": "Khuấy ba vòng", "text": BASE_TEXT}, post_id)
    save(
        stage,
        f"/posts/{post_id}/media/",
        {"asset": stage.ids["asset"], "alt": "Ly cà phê muối ba lớp"},
        post_id,
    )
    kept = queries.variants(post_id)
    for channel, variant in kept.items():
        own = {"text": SHORT} if channel != "wordpress" else {"title": "Khuấy ba vòng, và vì sao"}
        if channel == "telegram":
            own["kind"] = "photo"
        save(stage, f"/variants/{variant.pk}/save/", own, post_id)
    too_long = quan.post(
        f"/variants/{kept['bluesky'].pk}/save/", _with(stage, post_id, text="khuấy " * 90)
    ).json()
    if not too_long["errors"]:
        raise WrongAnswer("A text over the channel's limit was not marked.")
    save(stage, f"/variants/{kept['bluesky'].pk}/save/", {"text": SHORT}, post_id)
    return f"post {post_id}: {len(kept)} variants ({', '.join(kept)}), a text over the limit was marked and put right"


def picture(stage: Stage) -> str:
    """A file sent through the page; its id."""
    sent = stage.doors["quan"].send_file("/files/", "ca-phe-muoi.jpg", "image/jpeg", draw("salt", "hien"))
    return str(sent.json()["assets"][0]["id"])


def _with(stage: Stage, post_id: str, **fields: str) -> dict[str, str]:
    return {**fields, "version": str(queries.post(post_id).version)}


def save(stage: Stage, path: str, fields: dict[str, str], post_id: str) -> None:
    """What the composer's island sends, with the version it read."""
    stage.doors["quan"].post(path, _with(stage, post_id, **fields))


def approve_by_page(stage: Stage, post_id: str) -> str:
    """Asked by the editor, answered by the approver; the approval's id."""
    stage.doors["quan"].post(f"/posts/{post_id}/approval/ask/")
    approval = queries.approvals(post_id)[0]
    stage.doors["lan"].get(f"/approvals/{approval.pk}/")
    stage.doors["lan"].post(f"/approvals/{approval.pk}/decide/", {"answer": "yes"})
    return str(approval.pk)


def approval(stage: Stage) -> str:
    """4: the yes binds to a revision; an edit voids it, visibly; it is asked and given again."""
    post_id = stage.ids["post"]
    first = approve_by_page(stage, post_id)
    save(stage, f"/posts/{post_id}/save/", {"text": LATER}, post_id)
    page = stage.doors["quan"].get(f"/posts/{post_id}/approval/")
    voided = stage.until(
        "the approval's voiding",
        lambda: next((a for a in queries.approvals(post_id) if a.state == "voided"), None),
    )
    page = stage.doors["quan"].get(f"/posts/{post_id}/approval/")
    second = approve_by_page(stage, post_id)
    latest = queries.approvals(post_id)[0]
    if latest.state != "approved" or latest.revision.digest != queries.post(post_id).digest:
        raise WrongAnswer("The second approval does not stand on the present text.")
    number = (voided.revision.number, latest.revision.number)
    stage.ids["approval"] = second
    kept = "shown" if page.status == 200 else "not shown"
    return f"approval {first} of revision {number[0]} void after an edit ({kept}); {second} stands on revision {number[1]}"


def calendar(stage: Stage) -> str:
    """5: 09:00 is the brand's own 09:00; moved on the calendar; and then to this very moment."""
    post_id, quan = stage.ids["post"], stage.doors["quan"]
    tomorrow = (now().astimezone(ZONE) + timedelta(days=1)).date()
    quan.post(f"/posts/{post_id}/schedule/", {"day": tomorrow.isoformat(), "time": "09:00"})
    owed = queries.deliveries(post_id)
    due = next(iter(owed.values())).due_at.astimezone(ZONE)
    if (due.hour, due.date()) != (9, tomorrow):
        raise WrongAnswer(f"Scheduled for 09:00 there, kept as {due.isoformat()}.")
    for delivery in owed.values():
        quan.post(f"/deliveries/{delivery.pk}/move/", {"day": tomorrow.isoformat(), "time": "10:30"})
    quan.post(f"/deliveries/{delivery.pk}/move/", {"day": "2020-01-01", "time": "10:30"}, want=422)
    soon = (now() + timedelta(seconds=3)).replace(microsecond=0)
    editor = queries.member(email_of("quan"))
    for delivery in queries.deliveries(post_id).values():
        reschedule(editor, delivery, soon)
    stage.ids["due"] = soon
    return f"{len(owed)} deliveries: 09:00 in {ZONE.key}, moved to 10:30, then to {_clock(soon)}; a past hour was refused"


def _clock(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%H:%M:%S")
