"""Every call and answer, errors included, held against Google's own discovery documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.youtube import diagnostics, editing, inbox, metrics, moderation, publishing
from kitestring.providers.google import resumable
from tests.descriptions.discovery import documents, error_faults, watching

APIS = ("youtube.v3", "youtubeAnalytics.v2")
EVERYTHING = {"tags": "trà, trà sen", "paid": "yes", "ai_made": "yes", "own_cover": "yes", "quiet": "yes"}
CALLS = {
    ("youtube.videos.insert", "POST"),
    ("youtube.videos.insert", "PUT"),
    ("youtube.videos.list", "GET"),
    ("youtube.videos.update", "PUT"),
    ("youtube.videos.delete", "DELETE"),
    ("youtube.thumbnails.set", "POST"),
    ("youtube.playlistItems.list", "GET"),
    ("youtube.playlistItems.insert", "POST"),
    ("youtube.commentThreads.list", "GET"),
    ("youtube.commentThreads.insert", "POST"),
    ("youtube.comments.list", "GET"),
    ("youtube.comments.insert", "POST"),
    ("youtube.comments.update", "PUT"),
    ("youtube.comments.delete", "DELETE"),
    ("youtube.comments.setModerationStatus", "POST"),
    ("youtube.channels.list", "GET"),
    ("youtubeAnalytics.reports.query", "GET"),
}


async def speak(bench, session, duty, video):
    """First comment, answers in and out, changed and taken back, and every deed."""
    first = await publishing.publish(session, duty("reply", "Địa chỉ quán", reply_to=video, root=video))
    asked = bench.platform.comment(video, "lan", "Lan Anh", "Mấy giờ mở cửa?")
    for number in range(7):
        bench.platform.comment(asked.id, "minh", "Minh", f"{number} giờ?")
    bench.platform.comment(video, "ha", "Hà", "Chờ duyệt").extra["held"] = True
    page = await inbox.fetch(session, [video], "")
    await inbox.fetch(session, [video], page.cursor)
    assert [m.text for m in page.messages if m.awaits_moderation] == ["Chờ duyệt"]
    reply = duty("reply", "7 giờ", reply_to=asked.id, root=video)
    done = await publishing.publish(session, reply)
    assert await publishing.look_up(session, reply) == done
    await editing.edit(session, done.remote_id, replace(reply, text="8 giờ"))
    await publishing.withdraw(session, done.remote_id)
    await moderation.hide(session, asked.id, True)
    await moderation.approve(session, asked.id)
    await moderation.remove(session, asked.id)
    await publishing.withdraw(session, first.remote_id)


async def test_both_sides_keep_to_the_documents(at_work, clip, duty, through, film, monkeypatch):
    monkeypatch.setattr(resumable, "PIECE", 256 * 1024)
    bench = await at_work("youtube")
    [playlist, _] = bench.session.settings["playlists"]
    async with watching(bench.session, documents(*APIS)) as watched:
        session = watched.session
        chosen = {**EVERYTHING, "playlist": playlist["value"], "made_for_kids": ""}
        outgoing = clip(media=film(600_000), options=chosen)
        done, known = await through(session, outgoing)
        assert await publishing.look_up(session, known) == done
        await through(session, clip("Ngắn", "short", options={"privacy": "unlisted"}))
        await speak(bench, session, duty, done.remote_id)
        await editing.edit(session, done.remote_id, replace(outgoing, text="Trà sen 改"))
        await metrics.read(session, [done.remote_id])
        await metrics.account(session)
        await diagnostics.examine(session)
        for fault in (Fault("unauthorized"), Fault("busy"), Fault("retired"), Fault("error_before")):
            bench.faults.next(fault)
            with pytest.raises(ConnectorError):
                await metrics.read(session, [done.remote_id])
        await publishing.withdraw(session, done.remote_id)
        await publishing.withdraw(session, done.remote_id)
        broken = replace(session, settings={})
        with pytest.raises(ConnectorError):
            await through(broken, clip(options={"category": "22", "playlist": "PL-gone"}))
        bench.platform.memory["sessions"].clear()
        kept = Kept()
        await kept.keep(outgoing.media[0], next_address(bench), place="video", taken=0)
        await publishing.publish(session, replace(outgoing, uploads=kept))
    assert watched.wrong == []
    assert {call[:2] for call in watched.seen} >= CALLS
    assert {call[2] for call in watched.seen} >= {200, 201, 204, 308, 401, 404, 410, 429, 500}


def next_address(bench):
    """A session that is over."""
    return f"{bench.session.urls['upload']}/videos?uploadType=resumable&upload_id=gone&part=snippet"


async def test_a_broken_call_and_a_broken_answer_are_noticed(at_work):
    [data, reports] = documents(*APIS)
    bench = await at_work("youtube")
    base = bench.session.urls["api"]
    async with watching(bench.session, [data, reports]) as watched:
        http = watched.session.http
        await http.request("GET", f"{base}/videos", params={"id": "x", "part": "snipet", "maxresults": "5"})
        await http.request("GET", f"{base}/commentThreads", params={"part": "snippet", "order": "newest"})
        await http.request(
            "PUT", f"{base}/videos", params={"part": "snippet"}, json={"snippet": {"titel": "x"}}
        )
        await http.request("DELETE", f"{base}/videos")
        await http.request("GET", f"{base}/vidoes")
    for told in ("no part 'snipet'", "maxresults: no such parameter", "'newest' is none", "titel: unknown"):
        assert any(told in one for one in watched.wrong), told
    assert any("delete.id: missing" in one for one in watched.wrong)
    assert any("vidoes: no such call" in one for one in watched.wrong)
    listing = data.method("GET", "youtube/v3/videos")["response"]
    assert list(data.value("a", {"items": [{"statistics": {"viewCount": 3}}]}, listing))
    assert list(data.value("a", {"items": [{"statistics": {"viewCount": "three"}}]}, listing))
    assert list(data.value("a", {"items": [{"status": {"privacyStatus": "hidden"}}]}, listing))
    assert list(data.value("a", {"items": [{"snippet": {"publishedAt": "today"}}]}, listing))
    assert list(data.value("a", {"itms": []}, listing))
    assert list(data.scopes(data.method("GET", "youtube/v3/commentThreads"), ("some/right",)))
    assert list(error_faults({"error": "invalid"}))
    assert list(error_faults({"error": {"code": 4, "message": "m", "errors": [{"reason": "x"}]}}))
