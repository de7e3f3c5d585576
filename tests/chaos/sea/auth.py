"""The channel's consent: the test channel's own, which can be renewed where the grant says so."""

from kitestring.domains.publishing.tests.harbour.auth import connect, renew

__all__ = ["connect", "renew"]
