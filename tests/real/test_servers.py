"""The real servers do what connectors and the demo rely on: seen from outside, without a line of a connector."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import psutil
from PIL import Image

from kitestring.kit import clock
from kitestring.sandbox.real import http
from kitestring.sandbox.real.bluesky import BlueskyNetwork
from kitestring.sandbox.real.folders import PREFIX, RunFolder
from kitestring.sandbox.real.thrown_away import ThrownAway
from kitestring.sandbox.real.visitor import BlueskyVisitor
from kitestring.sandbox.real.wordpress import WordPressSite

EVENTUALLY = 30.0  # seconds; one or two on a quiet machine
Seen = TypeVar("Seen")


def eventually(look: Callable[[], Seen]) -> Seen:
    """What `look` sees once it is something; counts and notifications take their time."""
    deadline = time.monotonic() + EVENTUALLY
    while not (seen := look()):
        assert time.monotonic() < deadline, "nothing was seen in time"
        time.sleep(0.3)
    return seen


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 80), "teal").save(file, kind)
    return file.getvalue()


def _addresses(server: ThrownAway) -> set[str]:
    """The addresses on which a server and its children listen."""
    leaders = [psutil.Process(pid) for pid in server.pids]
    family = [process for leader in leaders for process in (leader, *leader.children(recursive=True))]
    connections = [one for process in family for one in process.net_connections("inet")]
    return {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}


def test_bluesky_listens_on_loopback_only(bluesky_network: BlueskyNetwork) -> None:
    assert _addresses(bluesky_network) == {"127.0.0.1"}


def test_bluesky_logs_an_account_in_by_app_password(bluesky_network: BlueskyNetwork) -> None:
    did, password = bluesky_network.create_account("anna.test", "anna@example.test", "a long password")
    app_password = bluesky_network.create_app_password("anna.test", password)
    address = f"{bluesky_network.pds_url}/xrpc/com.atproto.server.createSession"
    good = http.ask("POST", address, body={"identifier": "anna.test", "password": app_password})
    assert good.expect(200).json()["did"] == did
    bad = http.ask("POST", address, body={"identifier": "anna.test", "password": "wrong"})
    assert bad.status == 401
    assert bad.json()["error"] == "AuthenticationRequired"


def test_bluesky_carries_a_conversation(bluesky_network: BlueskyNetwork) -> None:
    brand, visitor = bluesky_network.visitor("brand.test"), bluesky_network.visitor("linh.test")
    post = brand.post("Cà phê sữa đá, từ hôm nay ở tất cả các quán. 新茶上市。")
    asked = visitor.reply(post, "Chủ nhật có mở cửa không?")
    visitor.like(post)
    visitor.repost(post)
    answered = brand.reply(asked, "Có, từ 7 giờ.", root=post)

    def counted() -> dict[str, int] | None:
        found = visitor.get("app.bsky.feed.getPosts", uris=post.uri)["posts"]
        counts = {name: found[0][f"{name}Count"] for name in ("like", "reply", "repost")} if found else None
        return counts if counts and all(counts.values()) else None

    assert eventually(counted) == {"like": 1, "reply": 1, "repost": 1}
    eventually(lambda: _reasons(brand) == {"reply", "like", "repost"})
    thread = eventually(lambda: _thread(brand, post.uri))
    assert thread["post"]["uri"] == asked.uri
    assert thread["replies"][0]["post"]["uri"] == answered.uri


def _reasons(account: BlueskyVisitor) -> set[str]:
    told = account.get("app.bsky.notification.listNotifications")["notifications"]
    return {one["reason"] for one in told}


def _thread(account: BlueskyVisitor, uri: str) -> dict | None:
    """The first answer to a post, once it has been answered itself."""
    answers = account.get("app.bsky.feed.getPostThread", uri=uri)["thread"].get("replies", [])
    return answers[0] if answers and answers[0].get("replies") else None


def test_bluesky_refuses_what_breaks_its_rules(bluesky_network: BlueskyNetwork) -> None:
    account = bluesky_network.visitor("tooloud.test")
    session = {"identifier": account.did, "password": account.password}
    xrpc = f"{bluesky_network.pds_url}/xrpc"
    token = http.ask("POST", f"{xrpc}/com.atproto.server.createSession", body=session).json()["accessJwt"]
    record = {"$type": "app.bsky.feed.post", "text": "x" * 4000, "createdAt": clock.now().isoformat()}
    body = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
    headers = {"Authorization": f"Bearer {token}"}
    refused = http.ask("POST", f"{xrpc}/com.atproto.repo.createRecord", body=body, headers=headers)
    assert refused.status == 400
    assert refused.json()["error"] == "InvalidRequest"


def test_wordpress_listens_on_loopback_only(wordpress_site: WordPressSite) -> None:
    assert _addresses(wordpress_site) == {"127.0.0.1"}


def test_wordpress_publishes_a_post_with_a_picture(wordpress_site: WordPressSite) -> None:
    headers = {"Content-Type": "image/png", "Content-Disposition": 'attachment; filename="tea.png"'}
    media = (
        wordpress_site.call("POST", "/wp/v2/media", body=picture("PNG"), headers=headers).expect(201).json()
    )
    body = {
        "title": "新茶",
        "content": "<p>Trà mới đã về.</p>",
        "status": "publish",
        "featured_media": media["id"],
    }
    post = wordpress_site.call("POST", "/wp/v2/posts", body=body).expect(201).json()
    page = http.ask("GET", post["link"]).expect(200).body.decode()
    assert "新茶" in page
    assert "Trà mới đã về." in page
    assert http.ask("GET", media["source_url"]).expect(200).body.startswith(b"\x89PNG")
    wordpress_site.call("DELETE", f"/wp/v2/posts/{post['id']}", query={"force": "true"}).expect(200)
    wordpress_site.call("GET", f"/wp/v2/posts/{post['id']}").expect(404)


def test_wordpress_holds_a_reader_s_comment_until_it_is_approved(wordpress_site: WordPressSite) -> None:
    body = {"title": "Opening hours", "content": "From seven.", "status": "publish"}
    post = wordpress_site.call("POST", "/wp/v2/posts", body=body).expect(201).json()["id"]
    comment = wordpress_site.add_comment(post, "Is it open on Sunday?")
    held = wordpress_site.call("GET", "/wp/v2/comments", query={"post": post, "status": "hold"}).expect(200)
    assert [one["id"] for one in held.json()] == [comment]
    public = f"{wordpress_site.url}/wp-json/wp/v2/comments"
    assert http.ask("GET", public, query={"post": post}).headers["x-wp-total"] == "0"
    wordpress_site.approve(comment)
    answer = {"post": post, "parent": comment, "content": "Yes, from seven."}
    wordpress_site.call("POST", "/wp/v2/comments", body=answer).expect(201)
    seen = http.ask("GET", public, query={"post": post, "order": "asc"}).expect(200)
    assert seen.headers["x-wp-total"] == "2"
    assert {one["parent"] for one in seen.json()} == {0, comment}


def test_wordpress_refuses_a_wrong_password(wordpress_site: WordPressSite) -> None:
    basic = {"Authorization": "Basic YWRtaW46d3Jvbmc="}  # admin:wrong
    body = {"title": "No", "status": "publish"}
    refused = wordpress_site.call("POST", "/wp/v2/posts", body=body, headers=basic)
    assert refused.status == 401


def test_wordpress_keeps_a_post_of_the_future(wordpress_site: WordPressSite) -> None:
    due = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S")
    body = {"title": "Later", "content": "Not yet.", "status": "future", "date_gmt": due}
    post = wordpress_site.call("POST", "/wp/v2/posts", body=body).expect(201).json()
    assert post["status"] == "future"
    assert post["date_gmt"] == due


def test_nothing_outlives_a_run_that_was_killed(wordpress_site: WordPressSite) -> None:
    """Asks for the session's site only so that it is skipped where WordPress is absent."""
    starter = (
        "import time; from kitestring.sandbox.real.wordpress import WordPressSite as Site;"
        "print(*Site().start().pids, flush=True); time.sleep(300)"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        leaders = [psutil.Process(int(pid)) for pid in other.stdout.readline().split()]
        family = [process for leader in leaders for process in (leader, *leader.children(recursive=True))]
        other.kill()
    assert len(family) >= 5  # MariaDB, PHP and its three workers
    assert not psutil.wait_procs(family, timeout=15)[1]
    folder = RunFolder("next")  # the next run sweeps up what was on disk
    folder.remove()
    assert not list(folder.path.parent.glob(f"{PREFIX}{other.pid}-*"))
