"""Where a check shows besides the terminal: pages and comments, a runner's annotations, and the reports that servers read."""
