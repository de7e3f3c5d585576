"""A channel calls the address of an operator's app: a bell for the accounts of that app, and nothing anybody else learns from."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.emulation import Platform
from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions import hear_app
from kitestring.domains.channels.actions.change_account import disconnect
from kitestring.domains.channels.actions.keep_app_keys import keep_app_keys
from kitestring.domains.channels.actions.open_app_hook import close_app_hook, open_app_hook
from kitestring.domains.channels.events import WordsAnnounced
from kitestring.domains.channels.models import Account, AppHook, AppKey, Bell
from kitestring.domains.channels.rules import app_calls, provider_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit import crypto
from kitestring.kit.refusals import Refusal
from tests.world import World

Door = Callable[[Member], Client]
TOLD = ["inbox.rung", "publishing.heard"]
# Those whose calls tell that people wrote to an account, whatever the account has published.
CALLING = [
    slug
    for slug, one in sorted(registry.connectors().items())
    if (facts := app_calls(one.manifest)) and {"message", "mention"} & set(facts.rings)
]


class Outside:
    """The channel's own server, and an account there that is ours."""

    def __init__(self, world: World, channel: str) -> None:
        self.world, self.channel, self.platform = world, channel, Platform()
        self.connector: Any = registry.get(channel)
        self.facts: Any = self.connector.manifest.hooks
        self.provider = provider_of(self.connector.manifest)
        keep_app_keys(world.owner, self.provider, self.connector.emulator.app("http://x"))
        self.hook = open_app_hook(world.owner, self.provider, channel)
        self.account = account_of(world, channel)

    @property
    def path(self) -> str:
        return reverse("channels:app_hook", args=[self.channel, sessions.hook_token(self.hook)])

    def writes(self, to: str = "us") -> Knock:
        """Somebody writes to an account there; what the channel calls for it."""
        sort = "message" if "message" in self.facts.rings else "mention"
        getattr(self.platform, sort)(to, "lan", "Lan", "Mấy giờ mở cửa?")
        (knock,) = self.connector.emulator.pushes(self.platform, sessions.hook_secrets(self.hook))
        return knock

    def call(self, knock: Knock, path: str = "") -> Any:
        address, client = f"{path or self.path}?{urlencode(knock.query)}", Client(enforce_csrf_checks=True)
        if knock.method == "GET":
            return client.get(address)
        headers = {name: told for name, told in knock.headers.items() if name != "content-type"}
        return client.post(address, knock.body, content_type="application/json", headers=headers)


def account_of(world: World, channel: str, remote_id: str = "us") -> Account:
    return Account.objects.create(
        workspace=world.workspace, brand=world.brand, channel=channel, remote_id=remote_id, handle="us", name="Crumb"
    )  # fmt: skip


@pytest.fixture(params=CALLING)
def outside(world: World, request: pytest.FixtureRequest) -> Outside:
    return Outside(world, request.param)


def told() -> list[str]:
    """The accounts that somebody is asked to look after, each as often as it was told."""
    rows = ProcrastinateJob.objects.filter(task_name__in=TOLD).order_by("id").values_list("args", flat=True)
    found = [args["account_id"] for args in rows]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return found


def test_there_are_channels_that_call_an_app() -> None:
    assert CALLING


def test_a_call_rings_for_the_account_it_names_and_says_when(outside: Outside, door: Door) -> None:
    answer = outside.call(outside.writes())
    assert answer.status_code == 200
    assert not answer.cookies
    assert told() == [str(outside.account.pk)]
    assert Bell.objects.get().account == outside.account
    owner = door(outside.world.owner)
    page = owner.get(reverse("channels:account", args=[outside.account.pk])).content.decode()
    assert "Last called about this account" in page
    assert "Last called" in owner.get(reverse("channels:app", args=[outside.provider])).content.decode()


def test_the_same_call_again_is_the_same_bell(outside: Outside) -> None:
    knock = outside.writes()
    answers = [outside.call(knock) for _ in range(3)]
    assert {one.status_code for one in answers} == {200}
    assert set(told()) == {str(outside.account.pk)}
    assert Bell.objects.count() == 1


def test_whose_account_is_not_ours_is_passed_over_and_the_answer_is_the_same(outside: Outside) -> None:
    ours, theirs = outside.call(outside.writes()), outside.call(outside.writes("somebody else"))
    told()
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    outside.call(outside.writes("somebody else"))
    assert told() == []


def test_two_workspaces_with_one_app_are_kept_apart(outside: Outside, stranger: World) -> None:
    """An address is one workspace's: another one's accounts do not ring there, though they were connected by the same app."""
    keep_app_keys(stranger.owner, outside.provider, outside.connector.emulator.app("http://x"))
    theirs = account_of(stranger, outside.channel)
    assert outside.call(outside.writes()).status_code == 200
    assert told() == [str(outside.account.pk)]
    open_app_hook(stranger.owner, outside.provider, outside.channel)
    hook = AppHook.objects.get(app_key__workspace=stranger.workspace)
    path = reverse("channels:app_hook", args=[outside.channel, sessions.hook_token(hook)])
    assert outside.call(outside.writes(), path).status_code == 200
    assert told() == [str(theirs.pk)]


def test_nobody_else_finds_anything_there(outside: Outside) -> None:
    good, path = outside.writes(), outside.path
    stripped = {"content-type": "application/json"}
    wrong = [
        outside.call(good, path[:-1] + ("a" if path[-1] != "a" else "b")),
        outside.call(good, path.replace(f"/{outside.channel}/", "/another/")),
        outside.call(good, path.replace("/app/", "/")),
        outside.call(Knock("POST", {}, good.headers, good.body + b" ")),
        outside.call(Knock("POST", {}, stripped, good.body)),
        outside.call(Knock("GET", {"hub.challenge": "1", "crc_token": "a", "challengeCode": "x"}), path[:-1]),
    ]
    assert [(one.status_code, one.content) for one in wrong] == [(404, b"")] * len(wrong)
    large = outside.call(Knock("POST", {}, good.headers, good.body + b" " * 1_100_000))
    assert (large.status_code, large.content) == (413, b"")
    assert Client().put(path).status_code == 405
    outside.hook.refresh_from_db()
    assert outside.hook.heard_at is None
    assert told() == []


def test_another_secret_of_the_app_is_another_app(outside: Outside) -> None:
    typed = outside.connector.emulator.app("http://x")
    keep_app_keys(
        outside.world.owner,
        outside.provider,
        {**typed, **dict.fromkeys(outside.facts.signed_with, secrets.token_hex())},
    )
    assert outside.call(outside.writes()).status_code == 404
    assert told() == []


@pytest.mark.parametrize("deed", ["new", "closed", "app key gone", "key gone"])
def test_an_address_that_is_given_up_is_nobodys(outside: Outside, deed: str, settings: Any) -> None:
    path, knock, owner = outside.path, outside.writes(), outside.world.owner
    if deed == "new":
        open_app_hook(owner, outside.provider, outside.channel)
    elif deed == "closed":
        close_app_hook(owner, outside.provider, outside.channel)
    elif deed == "app key gone":
        AppKey.objects.all().delete()
    else:
        settings.CRYPTO_KEYS = [crypto.new_key()]
    assert outside.call(knock, path).status_code == 404


def test_a_disconnected_account_does_not_ring(outside: Outside) -> None:
    disconnect(outside.world.owner, outside.account.pk)
    told()
    assert outside.call(outside.writes()).status_code == 200
    assert told() == []


def test_trouble_of_our_own_shows_nothing(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object) -> None:
        raise RuntimeError("a secret in the words")

    monkeypatch.setattr(hear_app, "announce", breaks)
    answer = outside.call(outside.writes())
    assert (answer.status_code, answer.content) == (503, b"")
    assert not Bell.objects.exists()


def test_the_address_lies_sealed_and_is_sealed_anew_with_a_new_key(outside: Outside, settings: Any) -> None:
    stored, kept = AppHook.objects.get(), sessions.hook_secrets(outside.hook)
    assert not any(secret in f"{stored.sealed}{stored.token_hash}" for secret in kept.values())
    path, knock, old = outside.path, outside.writes(), list(settings.CRYPTO_KEYS)
    settings.CRYPTO_KEYS = [crypto.new_key(), *old]
    sessions.rotate_keys()
    settings.CRYPTO_KEYS = settings.CRYPTO_KEYS[:1]
    assert outside.call(knock, path).status_code == 200


def test_the_operator_sees_what_to_paste_and_nobody_else_does(outside: Outside, door: Door) -> None:
    page = reverse("channels:app", args=[outside.provider])
    owner, editor = door(outside.world.owner), door(outside.world.editor)
    shown = owner.get(page).content.decode()
    assert outside.path in shown
    assert all(secret in shown for secret in sessions.hook_secrets(outside.hook).values())
    assert "Nobody has called yet." in shown
    before = urlsplit(outside.path).path
    names = [
        reverse(f"channels:{name}_app_hook", args=[outside.provider, outside.channel])
        for name in ("open", "close")
    ]
    assert editor.get(page).status_code == 403
    assert [editor.post(name).status_code for name in names] == [403, 403]
    owner.post(names[0])
    assert before not in owner.get(page).content.decode()
    owner.post(names[1])
    assert not AppHook.objects.exists()
    account = reverse("channels:account", args=[outside.account.pk])
    assert "The app has no address yet" in owner.get(account).content.decode()


def test_without_an_app_or_of_another_platform_there_is_no_address(outside: Outside, stranger: World) -> None:
    with pytest.raises(Refusal, match="Type in your app"):
        open_app_hook(stranger.owner, outside.provider, outside.channel)
    with pytest.raises(Refusal) as refusal:
        open_app_hook(outside.world.owner, "another", outside.channel)
    assert refusal.value.reason == "not_found"


class Echo:
    """A channel that hears what it is told to."""

    def __init__(self, rung: Rung) -> None:
        self.rung = rung

    def hear(self, knock: Knock, door: AppDoor) -> Rung:
        return self.rung


def echoes(outside: Outside, rung: Rung, monkeypatch: pytest.MonkeyPatch) -> Any:
    one = SimpleNamespace(app_hooks=Echo(rung), manifest=outside.connector.manifest)
    monkeypatch.setattr(hear_app.registry, "get", lambda slug: one)
    return hear_app.hear_app(outside.channel, sessions.hook_token(outside.hook), Knock("POST", {}))


def test_a_trial_that_anybody_could_make_is_no_call(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = Rung("7", (Ring("us", words=True),), signed=False)
    assert echoes(outside, rung, monkeypatch).answer == "7"
    outside.hook.refresh_from_db()
    assert outside.hook.heard_at is None
    assert told() == []
    assert not Bell.objects.exists()


@pytest.mark.parametrize("odd", ["a\x00", "a\ud800"])
def test_names_that_cannot_be_kept_are_passed_over(
    outside: Outside, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings = (Ring(odd, words=True), Ring("us", about=(odd,), words=True, posts=(odd, "1")))
    heard: list[Any] = []
    monkeypatch.setattr(hear_app, "announce", heard.append)
    assert echoes(outside, Rung("", rings), monkeypatch) is not None
    assert heard == [WordsAnnounced(outside.account.pk, ("1",))]
