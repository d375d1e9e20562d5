"""The registry of actions, and what is made of it: footer, help, palette."""
