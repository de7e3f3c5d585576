"""The Bot API in miniature, in parts."""
