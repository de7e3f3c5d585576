"""Pages of posts, one file a page."""
