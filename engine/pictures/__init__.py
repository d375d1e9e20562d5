"""Tensors to pictures that a person looks at."""
