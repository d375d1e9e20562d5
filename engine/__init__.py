"""Trains and samples diffusion models, and keeps their runs. Knows no terminal and no index."""
