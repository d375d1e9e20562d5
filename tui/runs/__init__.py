"""What the workbench knows of runs, without a screen: snapshots, rows, trainers."""
