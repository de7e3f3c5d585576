"""The door for channels: the one address that answers without a person, and the deeds that open and close it.

It reads no cookie and no session, takes little, and tells a stranger nothing: what is not genuine is not found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kitestring.connectorkit.hooks import Heard, Knock, Rung
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.actions.hear import hear
from kitestring.domains.channels.actions.hear_app import hear_app
from kitestring.domains.channels.actions.open_hook import close_hook, open_hook
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import hook_of
from kitestring.domains.channels.sessions import hook_address, hook_secrets
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.crypto import SealBroken
from kitestring.kit.refusals import Refusal

log = logging.getLogger(__name__)
LARGEST: Final = 1024 * 1024  # a whole post of a forum, or a batch of messages
HEADERS: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@csrf_exempt
def door(request: HttpRequest, channel: str, token: str) -> HttpResponse:
    """What a channel calls. 200 when it is genuine, 404 for everything else, 503 while we cannot tell; never a page."""
    return _opened(request, channel, token, hear)


@csrf_exempt
def app_door(request: HttpRequest, channel: str, token: str) -> HttpResponse:
    """What a channel calls for all accounts of an app; answers as `door` does."""
    return _opened(request, channel, token, hear_app)


def _opened(
    request: HttpRequest, channel: str, token: str, listen: Callable[[str, str, Knock], Heard | Rung | None]
) -> HttpResponse:
    if request.method not in ("GET", "POST"):
        return _said("", 405)
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return _said("", 413)
        body = request.read(LARGEST + 1) if request.method == "POST" else b""
        if len(body) > LARGEST:
            return _said("", 413)
        headers = {name.lower(): value for name, value in request.headers.items() if name != "Cookie"}
        heard = listen(channel, token, Knock(request.method, request.GET.dict(), headers, body))
    except Exception:
        log.exception("A callback of %s could not be taken.", channel)
        return _said("", 503)
    return _said("", 404) if heard is None else _said(heard.answer, 200)


def _said(text: str, status: int) -> HttpResponse:
    kind = "application/json" if text.startswith("{") else "text/plain; charset=utf-8"
    return HttpResponse(text, content_type=kind, status=status, headers=HEADERS)


def listening(of: Account, manifest: Manifest, language: str) -> dict[str, Any] | None:
    """What an account's page shows of its address; None where its channel makes no callbacks."""
    facts = manifest.hooks
    if facts is None or facts.of == "app" or of.state == AccountState.DISCONNECTED:
        return None
    shown: dict[str, Any] = {
        "fact": facts,
        "steps": [step.in_(language) for step in facts.steps],
        "hook": hook_of(of),
        "broken": False,
        "pasted": [],
    }
    if shown["hook"] is not None:
        try:
            secrets, address = hook_secrets(shown["hook"]), hook_address(of.channel, shown["hook"])
        except SealBroken:
            return shown | {"broken": True}
        shown["pasted"] = [("URL", address)]
        shown["pasted"] += [(value.label.in_(language), secrets.get(value.key, "")) for value in facts.values]
        shown["reachable"] = address.startswith("https://")
    return shown


@require_POST
@members_only(permission="account.connect")
def make(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """An address, or a new one."""
    try:
        open_hook(request.member, account_id)
    except Refusal as refusal:
        if refusal.reason != "no_hooks":
            raise
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("The address is made. Paste it where the steps say."))
    return redirect("channels:account", account_id)


@require_POST
@members_only(permission="account.connect")
def close(request: MemberRequest, account_id: UUID) -> HttpResponse:
    close_hook(request.member, account_id)
    messages.success(request, _("The address is closed. We go on asking the channel by ourselves."))
    return redirect("channels:account", account_id)
