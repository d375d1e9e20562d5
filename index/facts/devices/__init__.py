"""What a script runs on: the devices that it names, asks for and is told."""
