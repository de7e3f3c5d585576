"""LinkedIn: posts, pictures, videos, article cards, comments and numbers of Pages and people, by the operator's own app."""
