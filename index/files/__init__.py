"""Which files are scripts, and what one of them holds: found, read, dated. Nothing is run."""
