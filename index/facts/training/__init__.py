"""How a script trains: its stages in the order they run, and the optimizer, rate, batch and epochs of each."""
