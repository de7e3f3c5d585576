"""Steps 10 and 11: the page for the boss, and the way back from it to the brief, one click each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kitestring.kit.clock import now
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import Door, Page, WrongAnswer
from kitestring.sandbox.once.stage import Stage
from kitestring.sandbox.once.writing import ZONE


def report(stage: Stage) -> str:
    """10: made and shared by the analyst, printed to a file, read by a link without signing in."""
    today = now().astimezone(ZONE).date()
    form = {
        "campaign": stage.ids["campaign"], "language": "vi", "ends_on": today.isoformat(),
        "starts_on": (today - timedelta(days=6)).isoformat(),
    }  # fmt: skip
    tuan = stage.doors["tuan"]
    tuan.get("/reports/")
    page = tuan.post("/reports/", form)
    report_id = stage.ids["report"] = page.path.strip("/").split("/")[-1]
    tuan.post(f"/reports/{report_id}/words/", {"do": "share", "version": "1"}, part=True)
    made = queries.report(report_id)
    paper = tuan.get(f"/reports/{report_id}/paper.pdf").body
    if not paper.startswith(b"%PDF"):
        raise WrongAnswer("The report's file is no PDF.")
    stage.out.mkdir(parents=True, exist_ok=True)
    file: Path = stage.out / f"report-{today.isoformat()}.pdf"
    file.write_bytes(paper)
    boss = Door(stage.base)
    live = boss.get(f"/r/{made.secret}/")
    if made.title not in live.text.replace("&#39;", "'"):
        raise WrongAnswer("The live link does not show the report's title.")
    stage.ids["file"] = file
    return f"report {report_id} “{made.title}”: {file} ({len(paper) // 1024} kB), live {stage.base}/r/{made.secret[:6]}…/"


def links(stage: Stage) -> str:
    """11: forth from the brief to its result and back, each hop a link on the page before."""
    ids = stage.ids
    delivery = queries.deliveries(ids["post"])["bluesky"]
    brief, campaign = f"/briefs/{ids['brief']}/", f"/campaigns/{ids['campaign']}/"
    post, sent, result = f"/posts/{ids['post']}/", f"/deliveries/{delivery.pk}/", f"/results/{delivery.pk}/"
    report_page = f"/reports/{ids['report']}/"
    hops = [
        (brief, f"{brief}ideas/"), (f"{brief}ideas/", campaign), (campaign, post), (post, sent), (sent, result),
        (campaign, report_page), (result, post), (sent, post), (post, brief), (campaign, brief),
    ]  # fmt: skip
    missing = [f"{start} -> {goal}" for start, goal in hops if not leads(stage.doors["ha"], start, goal)]
    if missing:
        raise WrongAnswer("No link " + ", ".join(missing))
    return f"{len(hops)} hops: brief <-> ideas <-> campaign <-> post <-> delivery <-> result, and the report"


def leads(door: Door, start: str, goal: str) -> bool:
    """Whether the page at `start`, with the parts it loads, has a link to `goal`."""
    page = door.get(start)
    if goal in page.links():
        return True
    return any(goal in part.links() for part in _parts(door, page))


def _parts(door: Door, page: Page) -> list[Page]:
    """The fragments the page fetches by itself."""
    texts = page.text.split('hx-get="')[1:]
    paths = [
        text.split('"', 1)[0].replace("&amp;", "&") for text in texts if 'hx-trigger="load' in text[:400]
    ]
    return [door.get(path) for path in dict.fromkeys(paths)]
