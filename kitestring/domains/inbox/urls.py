"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.inbox.views import deeds, moderate, pages, tags, templates

app_name = "inbox"
urlpatterns: list[URLPattern] = [
    path("inbox/", pages.inbox, name="list"),
    path("inbox/<uuid:conversation_id>/", pages.conversation, name="conversation"),
    path("inbox/<uuid:conversation_id>/count/", pages.count, name="count"),
    path("inbox/<uuid:conversation_id>/reply/", deeds.reply, name="reply"),
    path("inbox/<uuid:conversation_id>/aside/", deeds.aside, name="aside"),
    path("inbox/<uuid:conversation_id>/back/", deeds.back, name="take_back"),
    path("inbox/<uuid:conversation_id>/nobody/", deeds.assign, name="unassign"),
    path("inbox/<uuid:conversation_id>/give/<uuid:member_id>/", deeds.assign, name="assign"),
    path("inbox/<uuid:conversation_id>/stance/<slug:kind>/", deeds.stance, name="stance"),
    path("inbox/<uuid:conversation_id>/tags/", tags.tags, name="tags"),
    path("inbox/<uuid:conversation_id>/template/", templates.template, name="template"),
    path("inbox/message/<uuid:message_id>/", pages.of_message, name="of_message"),
    path("inbox/message/<uuid:message_id>/remove/", moderate.remove, name="remove"),
    path("inbox/message/<uuid:message_id>/<slug:kind>/<slug:way>/", moderate.deed, name="deed"),
    path("deliveries/<uuid:delivery_id>/conversations/", pages.of_delivery, name="of_delivery"),
]
