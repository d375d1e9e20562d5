"""What answers a question, in sentences: made of facts, each with the lines that prove it."""
