"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.channels.views import (
    accounts,
    agree,
    app_hooks,
    apps,
    connect,
    connect_links,
    described,
    guests,
    hooks,
    limits,
    menu,
    tags,
)

app_name = "channels"
urlpatterns: list[URLPattern] = [
    path("settings/accounts/", accounts.accounts, name="accounts"),
    path("settings/accounts/add/", connect.choose, name="choose"),
    path("settings/accounts/add/<slug:channel>/", connect.add, name="add"),
    path("settings/accounts/apps/", apps.apps, name="apps"),
    path("settings/accounts/apps/<slug:provider>/", apps.app, name="app"),
    path(
        "settings/accounts/apps/<slug:provider>/<slug:channel>/hook/",
        app_hooks.make_for_app,
        name="open_app_hook",
    ),
    path(
        "settings/accounts/apps/<slug:provider>/<slug:channel>/hook/close/",
        app_hooks.close_for_app,
        name="close_app_hook",
    ),
    path("settings/accounts/back/", agree.back, name="back"),
    path("settings/accounts/found/<uuid:visit_id>/", agree.found, name="found"),
    path("settings/accounts/links/<uuid:link_id>/", connect_links.link, name="link"),
    path("settings/accounts/links/<uuid:link_id>/end/", connect_links.take_back, name="end_link"),
    path("connect/<str:token>/", guests.guest, name="guest"),
    path("settings/accounts/<uuid:account_id>/", accounts.one, name="account"),
    path("settings/accounts/<uuid:account_id>/reconnect/", connect.again, name="reconnect"),
    path("settings/accounts/<uuid:account_id>/limits/", limits.limits, name="limits"),
    path("settings/accounts/<uuid:account_id>/menu/", menu.menu, name="menu"),
    path("settings/accounts/<uuid:account_id>/menu/off/", menu.take_off, name="menu_off"),
    path("settings/accounts/<uuid:account_id>/tags/", tags.tags, name="tags"),
    path("settings/accounts/<uuid:account_id>/check/", accounts.check, name="check"),
    path("settings/accounts/<uuid:account_id>/disconnect/", accounts.disconnect, name="disconnect"),
    path("settings/accounts/<uuid:account_id>/hook/", hooks.make, name="open_hook"),
    path("settings/accounts/<uuid:account_id>/hook/close/", hooks.close, name="close_hook"),
    path("apps/<slug:channel>/<uuid:key_id>.json", described.described, name="described"),
    path("hooks/<slug:channel>/app/<str:token>", hooks.app_door, name="app_hook"),
    path("hooks/<slug:channel>/<str:token>", hooks.door, name="hook"),
]
