"""Which words are a channel's own, and which are for whoever looks after the machine."""

from __future__ import annotations

import pytest

from kitestring.domains.publishing.rules.machine_talk import is_machine_talk


@pytest.mark.parametrize(
    ("reason", "said", "machine"),
    [
        ("no_answer", "127.0.0.1 gave no whole answer (ServerDisconnectedError)", True),
        ("cannot_look", "api.example could not be reached (ClientConnectorError)", True),
        ("unclear_thrice", "api.example gave no whole answer (TimeoutError)", True),
        ("connector_broke", "KeyError: 'uri'", True),
        ("not_started", "OSError: no space left", True),
        ("too_long", "Bad Request: message caption is too long", False),
        ("media_refused", "Bad Request: IMAGE_PROCESS_FAILED", False),
        ("grant_expired", "Forbidden: bot was kicked from the channel chat", False),
        ("no_answer", "", False),
    ],
)
def test_what_a_class_of_ours_is_named_after_is_not_a_channels_word(
    reason: str, said: str, machine: bool
) -> None:
    assert is_machine_talk(reason, said) is machine


@pytest.mark.parametrize(
    "said",
    [
        "api.x could not be reached (gaierror)",
        "api.x could not be reached (no time left)",
        "an answer of more than 1000 bytes",
        "an answer of 2000 bytes is more than 1000",
        "the address can be read in two ways",
        "a.b does not lead to a public address",
        "10.0.0.1 is not a public address",
    ],
)
def test_what_the_guarded_client_says_is_folded(said: str) -> None:
    assert is_machine_talk("gave_up", said)
