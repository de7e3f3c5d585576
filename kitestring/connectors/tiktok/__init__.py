"""TikTok: videos and photos posted directly, or sent as drafts to the app where a person finishes them."""
