"""Stories: the articles on one event, what changed from one to the next, and who differs."""
