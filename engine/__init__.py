"""Trains and samples diffusion models, and keeps their runs. Knows no terminal and no index."""

import os

# Threads of torch that wait for one another sleep instead of spinning; read when torch is loaded. With one other busy
# program on two cores a run makes 245 images/s where it made 128, at worst 25; alone 366 where it made 395.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
