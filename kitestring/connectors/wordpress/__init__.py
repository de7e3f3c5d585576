"""WordPress, self-hosted: posts, comments and comment counts by its REST API and an application password."""
