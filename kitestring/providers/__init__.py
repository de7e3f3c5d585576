"""Logins and clients that several channels of one vendor share. Plain Python; only connectors import from here."""
