"""The accounts of a brand: list, one account with what it can do, connecting."""
