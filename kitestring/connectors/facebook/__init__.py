"""Facebook Pages over the Graph API."""
