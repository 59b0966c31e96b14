"""What the page of a report shows, as values with their texts: one file for each part, and templates only lay them out."""
