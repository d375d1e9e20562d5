"""What a script builds: its layers, the kind of model they make, and what that model is called."""
