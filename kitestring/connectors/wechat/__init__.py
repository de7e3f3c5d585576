"""WeChat Official Account (公众号, 服务号): articles by mass send or publish, one reply a comment, next-day numbers."""
