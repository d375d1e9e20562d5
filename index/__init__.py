"""Reads model scripts, never runs them, and finds them again. Knows no terminal and no engine."""
