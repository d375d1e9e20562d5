"""A run's curves as rows of characters."""
