"""The search process of the workbench, and its door for commands."""
