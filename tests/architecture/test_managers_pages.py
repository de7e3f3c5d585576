"""What the pages for managers say of channels is what the manifests say, row by row and figure by figure."""

from __future__ import annotations

import re

import pytest

from kitestring.connectorkit.manifest import Manifest, load
from kitestring.connectorkit.registry import connectors
from kitestring.domains.channels.rules import UNITS, WINDOWS
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries.planned import Made, planned
from kitestring.domains.library.rules.going import told
from tests.architecture.laws.tree import ROOT

PAGES = ROOT / "docs" / "managers"


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return [load(file.parent) for file in sorted((ROOT / "kitestring/connectors").glob("*/manifest.toml"))]


def _table(page: str, first: str) -> list[list[str]]:
    """The rows of the page's table whose first column is headed `first`, without its head."""
    lines = (PAGES / page).read_text("utf-8").splitlines()
    begins = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[begins + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def _thread_row(of: Manifest) -> list[str]:
    """Channel, thread, first comment, and what one later post or comment holds, as the page writes them."""
    thread = f"yes, {of.sequence.most} posts at most" if of.sequence else "no"
    comment = "no"
    if of.first_comment is not None:
        comment = "yes" if of.first_comment.verified else "yes, *not verified*"
    holds = ""
    if of.reply is not None and (of.sequence or of.first_comment):
        holds = UNITS[of.reply.text.unit] % {"n": f"{of.reply.text.limit:,}"}
    return [of.name.en, thread, comment, holds]


def test_the_table_of_threads_is_the_manifests(manifests: list[Manifest]) -> None:
    written = [row[:4] for row in _table("threads.md", "channel")]
    lacking = [row for row in map(_thread_row, manifests) if row not in written]
    told = "\n".join(f"| {' | '.join(row)} | ... |" for row in lacking)
    assert not lacking, f"docs/managers/threads.md says otherwise; the right rows:\n{told}"
    assert len(written) == len(manifests), "docs/managers/threads.md has rows of channels that are not here"


def test_a_no_in_the_table_of_threads_has_its_reason() -> None:
    bare = [row[0] for row in _table("threads.md", "channel") if "no" in row[1:3] and not row[4]]
    assert bare == []


def test_every_quota_that_later_posts_and_comments_take_is_named(manifests: list[Manifest]) -> None:
    page = (PAGES / "threads.md").read_text("utf-8")
    for one in manifests:
        drawn = one.reply.quota if one.reply and (one.sequence or one.first_comment) else ""
        for quota in (each for each in one.quotas if drawn and each.key == drawn):
            assert f"{one.name.en} ({WINDOWS[quota.window] % {'n': f'{quota.limit:,}'}})" in page


def test_every_channel_by_hand_is_on_the_page_of_hand_off(manifests: list[Manifest]) -> None:
    page = (PAGES / "hand-off.md").read_text("utf-8")
    intro = page.split("## ")[0]
    assert [one.name.en for one in manifests if one.mode == "hand_off" and _short(one) not in intro] == []


def test_the_page_of_articles_names_the_channels(manifests: list[Manifest]) -> None:
    intro = (PAGES / "articles.md").read_text("utf-8").split("## ")[0]
    takes = {_short(one) for one in manifests if any(kind.article for kind in one.kinds)}
    assert {_short(one) for one in manifests if _short(one) in intro} == takes


def test_who_takes_a_consent_back_is_named(manifests: list[Manifest]) -> None:
    """On the page that connects, under what disconnecting does: every consent, in the right row."""
    rows = dict(_table("connecting-accounts.md", "at the channel the consent"))
    takes, keeps = (sorted(rows[head].split(", ")) for head in rows)
    found = connectors()
    expected: dict[bool, list[str]] = {True: [], False: []}
    for one in manifests:
        for way in ("", *(each.key for each in one.ways)):
            by = found[one.slug].by(way)
            if by.manifest.auth.kind == "oauth2":
                said = one.name.en + (" (by signing in)" if way else "")
                expected[by.gives_back is not None].append(said)
    assert (takes, keeps) == (sorted(expected[True]), sorted(expected[False]))


def test_who_is_told_to_call_us_is_named(manifests: list[Manifest]) -> None:
    page = (PAGES / "connecting-accounts.md").read_text("utf-8")
    said = next(
        line for line in page.splitlines() if line.startswith("*Tells us at once when somebody writes: yes")
    )
    tells = {one.name.en for one in manifests if connectors()[one.slug].subscribing is not None}
    assert {one.name.en for one in manifests if re.search(rf"\b{one.name.en}\b", said)} == tells


def test_a_consent_that_nobody_prolongs_is_named(manifests: list[Manifest]) -> None:
    page = (PAGES / "connecting-accounts.md").read_text("utf-8")
    said = next(line for line in page.splitlines() if "is not renewed.*" in line)
    by_hand = [one.name.en for one in manifests if one.auth.renewal == "by_hand"]
    assert [one.name.en for one in manifests if re.search(rf"\b{one.name.en}\b", said)] == by_hand


def test_how_each_channel_is_connected_is_told(manifests: list[Manifest]) -> None:
    """Each stands in the row of its way, or in two rows where it has two."""
    rows = _table("connecting-accounts.md", "you connect")
    for one in manifests:
        ways = {_way(auth.kind) for auth in (one.auth, *(way.auth for way in one.ways))}
        stands = {row[0] for row in rows if one.name.en in row[1].split(", ")}
        assert stands == ways, f"{one.name.en} is connected {sorted(ways)}"


def _way(kind: str) -> str:
    return {"oauth2": "by consent", "none": "by its name only"}.get(kind, "by a key or password")


def _short(of: Manifest) -> str:
    """As a sentence names it: without what stands in brackets, or says which sort of account."""
    return of.name.en.split(" (")[0].removesuffix(" Official Account")


def test_the_example_of_what_goes_out_is_what_the_composer_says(manifests: list[Manifest]) -> None:
    """The sizes are known when a copy is made; what is done to the file before."""
    page = (PAGES / "pictures-and-videos.md").read_text("utf-8")
    photo = Asset(mime="image/jpeg", size=2_100_000, width=1080, height=1920)
    by_name = {one.name.en: one.kinds[0].media for one in manifests}
    lines = re.findall(r"^    (\w+) {2,}(.+)$", page, re.MULTILINE)
    assert len(lines) >= 3
    for name, words in lines:
        going = told(photo, name, planned(photo, "", by_name[name], Made()))
        assert words.partition(", 2.1 MB →")[0] == going


@pytest.mark.parametrize("list_of_pages", ["README.md", "docs/index.md"])
def test_every_page_is_in_the_lists_for_readers(list_of_pages: str) -> None:
    text = (ROOT / list_of_pages).read_text("utf-8")
    assert [page.name for page in sorted(PAGES.glob("*.md")) if f"managers/{page.name})" not in text] == []
