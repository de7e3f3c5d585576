"""Addresses of posts."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.composing.views import articles, composer, exemptions, lists, revisions, start

app_name = "composing"
urlpatterns = [
    path("briefs/<uuid:brief_id>/decision/", start.start, name="start"),
    path("posts/new/", start.new, name="new"),
    path("posts/<uuid:post_id>/", composer.composer, name="post"),
    path("posts/<uuid:post_id>/save/", composer.save_source, name="save"),
    path("posts/<uuid:post_id>/cut/", composer.cut, name="cut"),
    path("posts/<uuid:post_id>/media/", composer.source_media, name="media"),
    path("posts/<uuid:post_id>/variants/", composer.add_side, name="add_variant"),
    path("posts/<uuid:post_id>/exemptions/", exemptions.exempt, name="exempt"),
    path("posts/<uuid:post_id>/paste/", articles.paste, name="paste"),
    path("posts/<uuid:post_id>/pictures/", articles.pictures, name="pictures"),
    path("posts/<uuid:post_id>/repeat/", start.repeat, name="repeat"),
    path("posts/<uuid:post_id>/revisions/", revisions.revisions, name="revisions"),
    path("variants/<uuid:variant_id>/save/", composer.save_side, name="save_variant"),
    path("variants/<uuid:variant_id>/media/", composer.side_media, name="variant_media"),
    path("revisions/<uuid:revision_id>/restore/", revisions.restore_revision, name="restore"),
    path("campaigns/<uuid:campaign_id>/posts/", lists.of_campaign, name="of_campaign"),
    path("ideas/<uuid:idea_id>/posts/", lists.of_idea, name="of_idea"),
]
