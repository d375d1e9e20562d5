"""What a script trains on: the data by its canonical name, and the loader that feeds it."""
