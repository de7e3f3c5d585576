"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.workspaces.views import join, own, people, workspace

app_name = "workspaces"
urlpatterns: list[URLPattern] = [
    path("settings/", own.settings, name="settings"),
    path("settings/members/", people.members, name="members"),
    path("settings/members/<uuid:member_id>/role/", people.role, name="role"),
    path("settings/members/<uuid:member_id>/remove/", people.remove, name="remove"),
    path("settings/invitations/<uuid:invitation_id>/renew/", people.renew, name="renew_invitation"),
    path("settings/invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke_invitation"),
    path("settings/permissions/", people.permissions, name="permissions"),
    path("settings/workspace/", workspace.workspace, name="workspace"),
    path("join/<str:secret>/", join.join_page, name="join"),
]
