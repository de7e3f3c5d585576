"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.publishing.views import (
    account_health,
    deliveries,
    evergreen,
    foot,
    hand_off,
    of_post,
    pauses,
    problems,
    quotas,
    series,
    shift,
    states,
)

app_name = "publishing"
urlpatterns = [
    path("deliveries/states/", states.of_list, name="states"),
    path("posts/<uuid:post_id>/foot/", foot.foot, name="foot"),
    path("posts/<uuid:post_id>/goes-out/", states.of_one, name="goes_out"),
    path("deliveries/waiting/<slug:what>/<uuid:row_id>/", problems.waiting, name="waiting"),
    path("deliveries/<uuid:delivery_id>/", deliveries.delivery, name="delivery"),
    path("deliveries/<uuid:delivery_id>/move/", deliveries.move, name="move"),
    path("deliveries/<uuid:delivery_id>/live/", deliveries.live, name="live"),
    path("deliveries/<uuid:delivery_id>/address/", deliveries.address, name="address"),
    path("deliveries/<uuid:delivery_id>/hand-off/", hand_off.hand_off, name="hand_off"),
    path("deliveries/<uuid:delivery_id>/hand-off/take/", hand_off.carry, name="carry"),
    path("deliveries/<uuid:delivery_id>/hand-off/proof/", hand_off.proof, name="proof"),
    path("deliveries/<uuid:delivery_id>/hand-off/back/", hand_off.back, name="take_back"),
    path("deliveries/<uuid:delivery_id>/do/<slug:verb>/", deliveries.deed, name="deed"),
    path("posts/<uuid:post_id>/deliveries/", of_post.of_post, name="of_post"),
    path("posts/<uuid:post_id>/schedule/", of_post.schedule, name="schedule"),
    path("posts/<uuid:post_id>/recur/", of_post.recur, name="recur"),
    path("posts/<uuid:post_id>/recur/ahead/", series.preview, name="recur_ahead"),
    path("evergreen/", evergreen.evergreen, name="evergreen"),
    path("evergreen/<uuid:account_id>/slots/", evergreen.slots, name="evergreen_slots"),
    path("evergreen/<uuid:account_id>/apart/", evergreen.apart, name="evergreen_apart"),
    path("posts/<uuid:post_id>/evergreen/", of_post.keep, name="evergreen_keep"),
    path("posts/<uuid:post_id>/evergreen/drop/", evergreen.drop, name="evergreen_drop"),
    path("series/<uuid:series_id>/", series.series, name="series"),
    path("series/<uuid:series_id>/change/", series.change, name="series_change"),
    path("series/<uuid:series_id>/do/<slug:verb>/", series.deed, name="series_deed"),
    path("accounts/<uuid:account_id>/health/", account_health.account_health, name="account_health"),
    path("posts/<uuid:post_id>/quotas/", quotas.of_post, name="quotas"),
    path("posts/<uuid:post_id>/quotas/at/", quotas.at_hour, name="quotas_at"),
    path("posts/<uuid:post_id>/publish-now/", of_post.now_, name="publish_now"),
    path("campaigns/<uuid:campaign_id>/shift/", shift.shift, name="shift"),
    path("settings/pause/", pauses.pauses, name="pauses"),
    path("settings/pause/<slug:what>/<uuid:row_id>/", pauses.pause, name="pause"),
    path("settings/pause/<slug:what>/<uuid:row_id>/resume/", pauses.resume, name="resume"),
    path("variants/<uuid:variant_id>/remove/", of_post.off, name="take_off"),
]
