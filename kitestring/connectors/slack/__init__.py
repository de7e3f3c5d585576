"""Slack: a channel of a workspace by an app's bot; threads, reactions and private messages to the bot come in."""
