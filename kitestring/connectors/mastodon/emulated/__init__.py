"""The inner parts of the Mastodon emulator: how accounts, posts and files are shown."""
