"""Xiaohongshu (小红书, RedNote): no open interface to publish; a person posts by hand and brings back the address."""
