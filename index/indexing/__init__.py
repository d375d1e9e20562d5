"""Brings an index up to date with the scripts on disk."""
