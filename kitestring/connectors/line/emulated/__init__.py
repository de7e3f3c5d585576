"""The inner parts of the LINE emulator: names, tokens, sending, statistics, webhooks."""
