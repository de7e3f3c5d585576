"""What Django and allauth say to a person, they say in the reader's language and in our voice."""

from __future__ import annotations

import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from kitestring.ui.borrowed import SENTENCES

SPOKEN = {"zh-hans": re.compile(r"[\u4e00-\u9fff]"), "vi": re.compile(r"[à-ỹđ]")}
KEYS = ("email_password_mismatch", "account_inactive", "too_many_login_attempts", "enter_current_password")


@pytest.mark.parametrize("language", SPOKEN)
def test_signing_in_is_refused_in_the_readers_language(language: str) -> None:
    with translation.override(language):
        for key in KEYS:
            said = str(DefaultAccountAdapter.error_messages[key])
            assert SPOKEN[language].search(said), f"{key}: {said}"


def test_every_sentence_of_the_adapter_named_here_is_really_its_own() -> None:
    with translation.override("en"):
        said = {str(text) for text in DefaultAccountAdapter.error_messages.values()}
        assert {str(DefaultAccountAdapter.error_messages[key]) for key in KEYS} <= set(SENTENCES) & said


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("password", ["abc", "password", "1234567890"])
def test_a_weak_password_is_refused_in_the_readers_language(language: str, password: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as caught:
        validate_password(password)
    with translation.override(language):
        for said in caught.value.messages:
            assert SPOKEN[language].search(said), said


def test_a_missing_answer_is_asked_for_in_our_words() -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        forms.CharField().clean("")
    with translation.override("zh-hans"):
        assert caught.value.messages == ["请填写。"]
