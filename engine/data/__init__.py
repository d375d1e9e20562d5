"""What is trained on: named data sets as tensors, augmented, in an order that repeats."""
