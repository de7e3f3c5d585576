"""Addresses of approvals."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.reviewing import views

app_name = "reviewing"
urlpatterns = [
    path("posts/<uuid:post_id>/approval/", views.of_post, name="of_post"),
    path("posts/<uuid:post_id>/approval/ask/", views.ask, name="ask"),
    path("approvals/<uuid:approval_id>/", views.review, name="review"),
    path("approvals/<uuid:approval_id>/decide/", views.decide, name="decide"),
]
