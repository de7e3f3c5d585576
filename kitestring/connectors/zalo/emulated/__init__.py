"""The inner parts of the Zalo emulator: its answers, and the account's articles and conversations."""
