"""What librarians do, over REST and as parts of the page."""
