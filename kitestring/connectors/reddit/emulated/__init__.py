"""Reddit's Data API over our platform."""
