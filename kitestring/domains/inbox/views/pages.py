"""The inbox's pages and their parts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kitestring.connectorkit import registry
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.inbox.queries import (
    Heard,
    accounts_heard,
    conversation_for,
    conversations_of_delivery,
    message_for,
)
from kitestring.domains.inbox.queries.known import manifest_known
from kitestring.domains.inbox.views.claims import claims_in
from kitestring.domains.inbox.views.lines import account_of, lines_of, query_of, show_of
from kitestring.domains.inbox.views.talk import counted, person_of, rules_on, talk_of
from kitestring.domains.publishing.queries.deliveries import delivery_for
from kitestring.domains.publishing.rules.telling import channel_name
from kitestring.domains.workspaces.doors import MemberRequest, members_only

SAID: Final = 8  # conversations beside a delivery


def found(request: MemberRequest, conversation_id: UUID) -> Conversation:
    try:
        return conversation_for(request.member, conversation_id)
    except Conversation.DoesNotExist as error:
        raise Http404 from error


def list_of(request: MemberRequest) -> dict[str, Any]:
    """The context of the left column."""
    show, account = show_of(request), account_of(request)
    lines = lines_of(request) if request.brand else None
    accounts = tuple(accounts_heard(request.member, request.brand)) if request.brand else ()
    return {
        "lines": lines,
        "show": show,
        "account": account,
        "deaf": request.brand is not None and not accounts,
        "tools": _tools(show, account, accounts, get_language()),
    }


@lru_cache(maxsize=256)
def _tools(show: str, account: str, accounts: tuple[Heard, ...], _language: str) -> Any:
    """The list's filters and keys, which are the same from page to page: drawn once for a brand's accounts."""
    pages = cast("Jinja2", engines["pages"])
    template = pages.env.get_template("inbox/_tools.html")
    return template.make_module({"show": show, "account": account, "accounts": accounts})


@members_only("inbox.read")
@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    """Oldest owed first. `part=list`: the left column alone; `after`: the next lines."""
    part = request.GET.get("part") if request.htmx else ""
    if "after" in request.GET and request.htmx and request.brand:
        page = {
            "lines": lines_of(request),
            "show": show_of(request),
            "account": account_of(request),
        }
        return render(request, "inbox/_lines.html", page)
    return render(request, "inbox/_list.html" if part == "list" else "inbox/inbox.html", list_of(request))


@members_only("inbox.read")
@require_GET
def conversation(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """One conversation. As a fragment: the pane (`part=pane`, `peek=1` beside the list) or the messages alone."""
    here = found(request, conversation_id)
    part = request.GET.get("part") if request.htmx else ""
    page = talk_of(request, here)
    if part == "thread":
        return render(request, "inbox/_thread.html", page)
    page |= person_of(request, here) | {
        "peek": request.GET.get("peek") == "1",
        "show": show_of(request),
        "query": query_of(request),
    }
    if part == "pane":
        return render(request, "inbox/_pane.html", page)
    return render(request, "inbox/inbox.html", page | list_of(request))


@members_only("inbox.read")
@require_POST
def count(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """How long the answer is by the channel's own count, and what the rules say of it."""
    here = found(request, conversation_id)
    text = request.POST.get("text", "")
    page = counted(here, manifest_known(here.account), text) | {"fragment": True}
    page |= rules_on(request, here, text, claims_in(request.POST))
    return render(request, "inbox/_typed.html", page)


@members_only("inbox.read")
@require_GET
def of_delivery(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """The part of a delivery's page: what people said under it."""
    delivery = delivery_for(request.member, delivery_id)
    said = conversations_of_delivery(request.member, delivery.pk)
    talks, total = list(said[:SAID]), said.count()
    page = {
        "talks": talks,
        "total": total,
        "more": total - len(talks),
        "account": delivery.account_id,
        "title": _("What people said"),
        "reads": _reads(delivery.account.channel),
        "channel": channel_name(delivery.account.channel),
    }
    return render(request, "inbox/_of_delivery.html", page)


def _reads(channel: str) -> bool:
    """Whether what people write on this channel comes in at all."""
    connector = registry.connectors().get(channel)
    return connector is not None and (connector.can("inbox") or connector.manifest.hooks is not None)


@members_only("inbox.read")
@require_GET
def of_message(request: MemberRequest, message_id: UUID) -> HttpResponse:
    """Leads from a message to its conversation."""
    try:
        message = message_for(request.member, message_id)
    except Message.DoesNotExist as error:
        raise Http404 from error
    return redirect("inbox:conversation", message.conversation_id)
