"""The inner parts of the Nostr emulator: what the relay keeps, and how it talks."""
