"""Telegram: posts to a channel or group by a bot, and the comments under them. No keys, no look-up, no numbers."""
