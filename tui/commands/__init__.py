"""What `diffwb` does without the workbench: each command prints its data and says the rest to stderr."""
