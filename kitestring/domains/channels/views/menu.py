"""The menu at an account's conversation: read from the channel, edited, looked at as on a phone, put live, taken off.

Works without script: moving an entry and looking at the preview send the form, and put nothing live.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.menu_facts import MenuFacts
from kitestring.connectorkit.menus import Menu, menu_problems, needs_hook
from kitestring.connectorkit.problem import Problem
from kitestring.domains.channels.actions.put_menu import (
    going_with,
    live_menus,
    put_menu,
    remove_menu,
    seen_going,
)
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account, hook_of
from kitestring.domains.channels.views import menu_draft
from kitestring.domains.channels.views.menu_draft import Slot
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Conflict, Refusal


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def menu(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """`?for=` a tag's value: the menu of those. POST `do`: "put", "preview", or "up:0.1" and "down:0.1" to move an entry."""
    found = account(request.member, account_id)
    manifest = _manifest(found)
    audience = request.GET.get("for", "")
    people = _people(found, manifest.menu)
    if audience and audience not in dict(people):
        raise Refusal(_("This menu is not here (any more)."), reason="not_found")
    page = _Page(request, found, manifest, audience, people)
    return page.sent() if request.method == "POST" else page.live()


@require_POST
@members_only(permission="account.connect")
def take_off(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """The menu of `for`, or everybody's."""
    found = account(request.member, account_id)
    _manifest(found)
    audience = request.POST.get("for", "")
    try:
        remove_menu(request.member, found.pk, audience, request.POST.get("seen", ""))
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("The menu is off. The record says what it was."))
    return redirect(_address(found, audience))


def has_menu(of: Account) -> bool:
    """Whether the account's page leads to a menu: the channel has one, and nothing says that this account has not."""
    try:
        connector = registry.get(of.channel)
    except KeyError:
        return False
    return connector.menus is not None and not isinstance(of.capabilities.get("menus"), str)


def _manifest(of: Account) -> Manifest:
    try:
        manifest = registry.get(of.channel).manifest
    except KeyError:
        manifest = None
    if manifest is None or manifest.menu is None:
        raise Refusal(_("This channel gives programs no way to set a menu."), reason="not_found")
    return manifest


def _people(of: Account, facts: MenuFacts | None) -> list[tuple[str, str]]:
    """(value, label) of those who may have a menu of their own."""
    rows = of.settings.get(facts.audience_from) if facts and facts.audience_from else []
    return [(str(row["value"]), str(row.get("label") or row["value"])) for row in rows or ()]


def _address(of: Account, audience: str) -> str:
    path = reverse("channels:menu", args=[of.pk])
    return f"{path}?for={audience}" if audience else path


class _Page:
    """One answer: what is live, or what was typed with what is wrong with it."""

    def __init__(
        self,
        request: MemberRequest,
        of: Account,
        manifest: Manifest,
        audience: str,
        people: list[tuple[str, str]],
    ) -> None:
        self.request, self.of, self.manifest, self.audience, self.people = (
            request, of, manifest, audience, people,
        )  # fmt: skip
        self.facts: MenuFacts = manifest.menu  # type: ignore[assignment]  # a page of a menu is opened only where the manifest tells of one
        self.language = request.member.language

    def live(self) -> HttpResponse:
        try:
            found = live_menus(self.request.member, self.of.pk)
        except Refusal as refusal:
            if refusal.reason in ("not_permitted", "not_found"):
                raise
            return self._shown({"unread": refusal.message}, status=200)
        mine = next((one for one in found if one.audience == self.audience), None)
        slots = menu_draft.of_menu(self.facts, mine, self.of.pk)
        have = {one.audience for one in found}
        off: dict[str, Any] = {
            "seen_going": seen_going(found, self.audience),
            "others": [
                one.whom or dict(self.people).get(one.audience, one.audience)
                for one in going_with(found, self.audience)
            ],
            "foreign": [one.whom for one in found if one.whom],
        }
        return self._form(slots, seen=mine.digest() if mine else "", live=mine, have=have, **off)

    def sent(self) -> HttpResponse:
        given, does = self.request.POST, self.request.POST.get("do", "preview")
        slots, seen = menu_draft.typed(self.facts, given, self.of.pk), given.get("seen", "")
        if does != "put":
            verb, _colon, place = does.partition(":")
            by = {"up": -1, "down": 1}.get(verb)
            slots = menu_draft.moved(slots, place, by) if by else slots
            return self._form(slots, seen=seen, moved=place if by else "")
        wanted, places = menu_draft.menu_of(self.facts, slots, self.audience)
        problems = self._problems(wanted)
        if any(one.severity == "error" for one in problems):
            whole = menu_draft.mark(slots, problems, places)
            return self._form(slots, seen=seen, whole=whole, status=422)
        try:
            put_menu(self.request.member, self.of.pk, wanted, seen)
        except Conflict as conflict:
            return self._form(slots, seen=self._now(), said=conflict.message, status=409)
        except Refusal as refusal:
            if refusal.reason in ("not_permitted", "not_found"):
                raise
            return self._form(slots, seen=seen, said=refusal.message, status=422)
        messages.success(self.request, _("The menu is live. The record says what it was before."))
        return redirect(_address(self.of, self.audience))

    def _now(self) -> str:
        """The digest of what is live by now, so that putting it live once more replaces that."""
        try:
            found = live_menus(self.request.member, self.of.pk)
        except Refusal:
            return ""
        return next((one.digest() for one in found if one.audience == self.audience), "")

    def _problems(self, wanted: Menu) -> list[Problem]:
        found = menu_problems(self.manifest, wanted, self.of.account_type, self.language)
        hook = hook_of(self.of)
        if hook is not None and hook.heard_at is not None:
            return found
        said = _(
            "Nobody would answer this tap yet: %(channel)s has never called this server. On the account’s page make an "
            "address under “Calls from the channel” and paste it there, or let the tap open a link."
        ) % {"channel": self.manifest.name.in_(self.language)}
        return found + [
            Problem(f"{place}.action", "menu_needs_hook", sentence=said)
            for place, _action in needs_hook(self.facts, wanted)
        ]

    def _form(self, slots: list[Slot], *, seen: str, status: int = 200, **more: Any) -> HttpResponse:
        wanted, places = menu_draft.menu_of(self.facts, slots, self.audience)
        warnings = [one for one in self._problems(wanted) if one.severity == "warning"]
        menu_draft.mark(slots, warnings, places)
        page = {"slots": slots, "seen": seen, "phone": menu_draft.preview(self.facts, wanted)}
        return self._shown(page | more, status=status)

    def _shown(self, page: dict[str, Any], *, status: int) -> HttpResponse:
        have = page.get("have", set())
        pills = [{"text": _("Everybody"), "href": _address(self.of, ""), "on": not self.audience}]
        for value, label in self.people:
            ticked = "check" if value in have else None
            own = {
                "text": label,
                "href": _address(self.of, value),
                "on": value == self.audience,
                "icon": ticked,
            }
            pills.append(own)
        context = {
            "of": self.of,
            "facts": self.facts,
            "channel": self.manifest.name.in_(self.language),
            "language": self.language,
            "audience": self.audience,
            "address": _address(self.of, self.audience),
            "whom": dict(self.people).get(self.audience, ""),
            "pills": pills if self.people else [],
        }
        return render(self.request, "channels/menu.html", context | page, status=status)
