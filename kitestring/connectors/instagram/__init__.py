"""Instagram's professional accounts over the Graph API, by the Page they are linked to."""
