"""Weibo (新浪微博): posts by the share interface or, by contract, the commercial one; comments, mentions, numbers, health."""
