"""Seals every grant anew with the first of KITESTRING_CRYPTO_KEYS, so that older keys can be thrown away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kitestring.domains.channels.sessions import rotate_keys
from kitestring.kit.crypto import SealBroken


class Command(BaseCommand):
    help = "Seal all grants with the first key of KITESTRING_CRYPTO_KEYS. Run it before removing an old key."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = rotate_keys()
        except SealBroken as error:
            raise CommandError(
                "A grant cannot be opened with the keys given; nothing was changed. "
                "Add the key that sealed it to KITESTRING_CRYPTO_KEYS and run this again."
            ) from error
        self.stdout.write(f"{count} grants are sealed with the first key now.")
