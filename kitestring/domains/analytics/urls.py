"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.analytics.views import accounts, post, results

app_name = "analytics"
urlpatterns: list[URLPattern] = [
    path("results/", results.results, name="results"),
    path("results/samples.csv", results.samples, name="samples"),
    path("results/<uuid:delivery_id>/", post.post_results, name="post_results"),
    path("results/<uuid:delivery_id>/samples.csv", post.post_samples, name="post_samples"),
    path("results/<uuid:delivery_id>/typed/", post.typed, name="typed"),
    path("deliveries/<uuid:delivery_id>/results/", post.of_delivery, name="of_delivery"),
    path("campaigns/<uuid:campaign_id>/results/", results.of_campaign, name="of_campaign"),
    path("accounts/<uuid:account_id>/numbers/", accounts.of_account, name="of_account"),
    path("results/accounts/", accounts.of_brand, name="accounts"),
    path("results/accounts.csv", accounts.as_sheet, name="account_samples"),
]
