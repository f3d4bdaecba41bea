"""Web pages: what they say of themselves, what they show, and whether they hold an article."""
