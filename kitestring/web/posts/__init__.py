"""The list of posts under Create: all of a brand's, or those that fit what was chosen."""
