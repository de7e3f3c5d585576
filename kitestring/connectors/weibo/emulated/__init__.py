"""What the emulated Weibo is made of."""
