"""What reaches the terminal: its signs, pictures in its cells, and no more bytes than the link takes."""
