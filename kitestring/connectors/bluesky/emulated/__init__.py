"""The inner parts of the Bluesky emulator: accounts and tokens, the rules of records, the network's views."""
