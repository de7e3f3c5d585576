"""Reddit: posts in communities with flair, comments in and out, mentions, private messages, numbers."""
