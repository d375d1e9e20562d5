"""What the workbench knows of scripts, without a screen: questions, answers, facts, the search child."""
