"""Addresses of campaigns."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.planning import views

app_name = "planning"
urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/<uuid:campaign_id>/", views.campaign, name="campaign"),
]
