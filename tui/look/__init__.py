"""Colours and stylesheets."""
