"""Addresses of briefs and ideas."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.ideas.views import pages as views

app_name = "ideas"
urlpatterns = [
    path("briefs/", views.briefs, name="briefs"),
    path("briefs/<uuid:brief_id>/", views.brief, name="brief"),
    path("briefs/<uuid:brief_id>/ideas/", views.wall, name="wall"),
    path("ideas/<uuid:idea_id>/vote/", views.votes, name="vote"),
    path("ideas/<uuid:idea_id>/shortlist/", views.shortlisting, name="shortlist"),
]
