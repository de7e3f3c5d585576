"""The door of an invitation: works once."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kitestring.domains.workspaces.actions.join import join, join_as
from kitestring.domains.workspaces.forms import JoinForm
from kitestring.domains.workspaces.models import Invitation, Member, User
from kitestring.domains.workspaces.queries import invitation_of, user_by_email
from kitestring.kit.refusals import Refusal


@never_cache
@require_http_methods(["GET", "POST"])
def join_page(request: HttpRequest, secret: str) -> HttpResponse:
    """A new person sets name and password; one with a sign-in signs in and confirms."""
    try:
        invitation = invitation_of(secret)
    except Refusal as refusal:
        return render(request, "workspaces/join_closed.html", {"message": refusal.message}, status=404)
    if "django_language" not in request.COOKIES:
        translation.activate(invitation.language)
    if request.user.is_authenticated:
        return _join_as(request, invitation, secret, request.user)
    if user_by_email(invitation.email):
        return render(request, "workspaces/join_known.html", {"invitation": invitation})
    return _join(request, invitation, secret)


def _join(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            member = join(secret, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            login(request, member.user)
            return _enter(request, member)
    page = {"form": form, "invitation": invitation}
    return render(request, "workspaces/join.html", page, status=422 if form.errors else 200)


def _join_as(request: HttpRequest, invitation: Invitation, secret: str, user: User) -> HttpResponse:
    present: Member | None = getattr(request, "member", None)
    if request.method == "POST":
        try:
            return _enter(request, join_as(user, secret, name=present.name if present else ""))
        except Refusal as refusal:
            closed = {"message": refusal.message, "sign_out": True}
            return render(request, "workspaces/join_closed.html", closed, status=403)
    page = {"invitation": invitation, "matches": user.email == invitation.email}
    return render(request, "workspaces/join_as.html", page)


def _enter(request: HttpRequest, member: Member) -> HttpResponse:
    request.session["workspace"] = str(member.workspace_id)
    return redirect("/")
