"""The catalogue: every script with its facts, in one SQLite database."""
