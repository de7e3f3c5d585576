"""A channel calls an account's address: taken when genuine, answered to nobody else, and it changes no more than when we ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.hooks import Knock
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions import hear, hear_app
from kitestring.domains.channels.actions.change_account import disconnect
from kitestring.domains.channels.actions.keep_app_keys import keep_app_keys
from kitestring.domains.channels.actions.open_app_hook import close_app_hook, open_app_hook
from kitestring.domains.channels.actions.open_hook import close_hook, open_hook
from kitestring.domains.channels.models import AppHook, Hook
from kitestring.domains.channels.rules import provider_of
from kitestring.domains.publishing.actions.hear_callback import hear_callback
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.tests import test_emulators
from kitestring.domains.publishing.tests.conftest import tries
from kitestring.domains.publishing.tests.test_emulators import PORTED, There
from kitestring.domains.workspaces.models import Member
from kitestring.kit import crypto

# Those whose calls name what is under way; what others bring is the inbox's (its test_arrivals.py).
CALLING = [
    slug
    for slug in PORTED
    if (hooks := registry.get(slug).manifest.hooks)
    and (hooks.kinds or (hooks.of == "account" and not hooks.brings))
]
# Those whose accounts have an address each, with secrets agreed for it.
OWN = [
    slug
    for slug in PORTED
    if (hooks := registry.get(slug).manifest.hooks) and hooks.of == "account" and hooks.values
]
there = pytest.fixture(params=CALLING)(test_emulators.there.__wrapped__)
Door = Callable[[Member], Client]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


class Outside:
    """The channel's own server: no cookies, and nobody vouches for it."""

    def __init__(self, there: There) -> None:
        self.there = there
        self.client = Client(enforce_csrf_checks=True)
        self.hook = self.open()

    @property
    def of_app(self) -> bool:
        """Whether the channel calls the operator's app and not each account."""
        return self.there.connector.app_hooks is not None

    def open(self) -> Hook | AppHook:
        """An address, or a new one."""
        owner, channel = self.there.world.owner, self.there.account.channel
        if not self.of_app:
            return open_hook(owner, self.there.account.pk)
        emulator: Any = self.there.connector.emulator
        keep_app_keys(owner, self.provider, emulator.app("http://x"))
        return open_app_hook(owner, self.provider, channel)

    def close(self) -> None:
        owner, channel = self.there.world.owner, self.there.account.channel
        if self.of_app:
            close_app_hook(owner, self.provider, channel)
        else:
            close_hook(owner, self.there.account.pk)

    @property
    def provider(self) -> str:
        return provider_of(self.there.connector.manifest)

    @property
    def path(self) -> str:
        name = "channels:app_hook" if self.of_app else "channels:hook"
        return reverse(name, args=[self.there.account.channel, sessions.hook_token(self.hook)])

    @property
    def secrets(self) -> dict[str, str]:
        return sessions.hook_secrets(self.hook)

    def pushes(self) -> list[Knock]:
        emulator: Any = self.there.connector.emulator
        return list(emulator.pushes(self.there.platform, self.secrets))

    def challenge(self) -> Knock:
        emulator: Any = self.there.connector.emulator
        if not hasattr(emulator, "challenge"):
            pytest.skip("this channel does not try an address")
        return emulator.challenge(self.there.platform, self.secrets)

    def call(self, knock: Knock, path: str = "") -> Any:
        address = f"{path or self.path}?{urlencode(knock.query)}"
        if knock.method == "GET":
            return self.client.get(address)
        headers = {name: told for name, told in knock.headers.items() if name != "content-type"}
        kind = knock.headers.get("content-type", "text/xml")
        return self.client.post(address, knock.body, content_type=kind, headers=headers)


@pytest.fixture
def outside(there: There) -> Outside:
    return Outside(there)


def under_way(there: There, title: str = "Warm cups") -> Delivery:
    """A delivery that its channel has in hand."""
    delivery = there.delivery(title=title)
    there.work(0)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.handed_over) == ("processing", True), tries(delivery)
    return delivery


def told() -> list[dict[str, Any]]:
    """What the worker is asked to do about callbacks; taken away with it."""
    jobs = ProcrastinateJob.objects.filter(task_name="publishing.heard").order_by("id")
    args = list(jobs.values_list("args", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'publishing.heard'")
    return args


def row(delivery: Delivery) -> dict[str, Any]:
    (found,) = Delivery.objects.filter(pk=delivery.pk).values()
    return found


def test_the_end_of_a_job_is_asked_about_at_once(there: There, outside: Outside) -> None:
    delivery = under_way(there)
    there.pass_(6)
    before = row(delivery)
    answers = [outside.call(knock) for knock in outside.pushes()]
    assert [one.status_code for one in answers] == [200]
    assert row(delivery) == before, "the door itself writes nothing of it"
    (job,) = told()
    assert hear_callback(there.account.pk, job["about"]) == 1
    after = row(delivery)
    assert {name for name in after if after[name] != before[name]} == {"not_before"}
    there.work(0)
    assert row(delivery)["state"] == "published"
    assert hear_callback(there.account.pk, job["about"]) == 0, "the same once more is nothing"
    assert len(there.platform.posts()) == 1


def test_two_jobs_told_the_other_way_round_and_twice(there: There, outside: Outside) -> None:
    first = under_way(there)
    there.pass_(61)  # the channel's pace
    there.work(0)
    second = under_way(there, "Cold cups")
    there.pass_(6)
    for knock in [*reversed(outside.pushes())] * 2:
        outside.call(knock)
    for job in reversed(told()):
        hear_callback(there.account.pk, job["about"])
    there.work(0)
    assert {row(first)["state"], row(second)["state"]} == {"published"}
    assert len(there.platform.posts()) == 2


def test_the_address_proves_itself_and_the_page_says_when_it_was_called(
    there: There, outside: Outside, client: Client
) -> None:
    client.force_login(there.world.owner.user)
    page = reverse("channels:app", args=[outside.provider]) if outside.of_app else None
    page = page or reverse("channels:account", args=[there.account.pk])
    shown = client.get(page).content.decode()
    assert outside.path in shown
    assert all(secret in shown for secret in outside.secrets.values())
    assert "Nobody has called yet." in shown
    knock = outside.challenge()
    answer = outside.call(knock)
    # What it asks to be given back: in the address, or a number in the body.
    asked = knock.query.get("echostr") or re.findall(r'"data": (\d+)', knock.body.decode())[0]
    assert answer.status_code == 200
    assert asked in answer.content.decode()
    kind = "application/json" if answer.content.startswith(b"{") else "text/plain"
    assert answer.headers["Content-Type"].startswith(kind)
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert "Last called" in client.get(page).content.decode()
    assert told() == []


def test_nobody_else_finds_anything_there(there: There, outside: Outside) -> None:
    under_way(there)
    (good,) = outside.pushes()
    query = good.query
    wrong = [
        outside.call(good, outside.path[:-1] + ("a" if outside.path[-1] != "a" else "b")),
        outside.call(good, outside.path.replace(f"/{there.account.channel}/", "/another/")),
        outside.call(Knock("POST", {**query, "nonce": "another"}, body=good.body)),
        outside.call(Knock("POST", {}, body=good.body)),
        outside.call(Knock("POST", query, body=b"\x00" * 1000)),
        outside.call(Knock("GET", query)),
    ]
    assert [(one.status_code, one.content) for one in wrong] == [(404, b"")] * len(wrong)
    large = outside.call(Knock("POST", query, body=good.body + b" " * 1_100_000))
    assert (large.status_code, large.content) == (413, b"")
    assert outside.client.put(outside.path).status_code == 405
    outside.hook.refresh_from_db()
    assert outside.hook.heard_at is None
    assert told() == []


def test_trouble_of_our_own_shows_nothing(
    there: There, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: object) -> None:
        raise RuntimeError("a secret in the words")

    monkeypatch.setattr(hear_app if outside.of_app else hear, "announce", breaks)
    under_way(there)
    (knock,) = outside.pushes()
    answer = outside.call(knock)
    assert (answer.status_code, answer.content) == (503, b"")


@pytest.mark.parametrize("there", [*CALLING, *OWN], indirect=True)
@pytest.mark.parametrize("deed", ["new", "closed", "disconnected", "key gone"])
def test_an_address_that_is_given_up_is_nobodys(
    there: There, outside: Outside, deed: str, settings: Any
) -> None:
    path, knock = outside.path, outside.challenge()
    owner, account = there.world.owner, there.account.pk
    if deed == "new":
        outside.open()
    elif deed == "closed":
        outside.close()
    elif deed == "disconnected":
        if outside.of_app:
            pytest.skip("an app's address outlives an account")
        disconnect(owner, account)
    else:
        settings.CRYPTO_KEYS = [crypto.new_key()]
    assert outside.call(knock, path).status_code == 404


def test_the_address_lies_sealed_and_is_sealed_anew_with_a_new_key(
    there: There, outside: Outside, settings: Any
) -> None:
    stored = (AppHook if outside.of_app else Hook).objects.get()
    assert not any(secret in f"{stored.sealed}{stored.token_hash}" for secret in outside.secrets.values())
    path, knock, old = outside.path, outside.challenge(), list(settings.CRYPTO_KEYS)
    settings.CRYPTO_KEYS = [crypto.new_key(), *old]
    sessions.rotate_keys()
    settings.CRYPTO_KEYS = settings.CRYPTO_KEYS[:1]
    assert outside.call(knock, path).status_code == 200


@pytest.mark.parametrize("there", OWN, indirect=True)
def test_who_may_not_connect_sees_no_address_and_makes_none(
    there: There, outside: Outside, door: Door
) -> None:
    page = reverse("channels:account", args=[there.account.pk])
    editor = door(there.world.editor)
    shown = editor.get(page).content.decode()
    assert outside.path not in shown
    assert not any(secret in shown for secret in outside.secrets.values())
    for name in ("channels:open_hook", "channels:close_hook"):
        assert editor.post(reverse(name, args=[there.account.pk])).status_code == 403
    owner = door(there.world.owner)
    before = outside.path
    owner.post(reverse("channels:open_hook", args=[there.account.pk]))
    assert urlsplit(before).path not in owner.get(page).content.decode()
    owner.post(reverse("channels:close_hook", args=[there.account.pk]))
    assert not Hook.objects.exists()
