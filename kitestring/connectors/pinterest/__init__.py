"""Pinterest: pins of one picture, of several, or of a video, on an account's boards, by OAuth 2."""
