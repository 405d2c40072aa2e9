"""A store in memory a module."""
