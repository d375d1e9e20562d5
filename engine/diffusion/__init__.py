"""The mathematics: the forward process, what a network learns, and the way back by samplers."""
