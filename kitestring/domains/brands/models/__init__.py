"""Brands."""

from kitestring.domains.brands.models.brand import Brand

__all__ = ["Brand"]
