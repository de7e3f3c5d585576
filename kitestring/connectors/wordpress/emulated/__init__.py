"""The site in miniature, in parts."""
