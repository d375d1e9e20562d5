"""The run folder, and all that is done with it. Imports no torch: whoever looks at runs is light."""
