"""Trains and samples diffusion models, and keeps their runs. Knows no terminal and no index."""

import os

# Threads of torch that wait for one another sleep instead of spinning; read when torch is loaded. Beside one busy
# program on two cores that is worth 1.85 times the images a second (bench_busy); alone it costs 7 %.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
