"""Of allauth's pages those that Kitestring offers: signing in and out, a new password. Nothing else of it is reachable.

Its own pages for addresses would let a member take any free e-mail address without a word to anybody. allauth asks for
some of their names while it works; they lead to where such things are done here.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path
from django.views.generic import RedirectView

sign_in = RedirectView.as_view(pattern_name="account_login")
own_settings = RedirectView.as_view(url="/settings/")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),  # shut: see `entrance`
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("inactive/", sign_in, name="account_inactive"),
    path("confirm-email/", sign_in, name="account_email_verification_sent"),
    path("email/", own_settings, name="account_email"),
    path("password/set/", own_settings, name="account_set_password"),
    path("reauthenticate/", own_settings, name="account_reauthenticate"),
]
