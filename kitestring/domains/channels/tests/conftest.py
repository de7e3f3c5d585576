"""The channels and the cage of these tests."""

from kitestring.domains.channels.tests.cage import cage, channels

__all__ = ["cage", "channels"]
