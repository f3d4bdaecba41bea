"""Records as HTML, Markdown and plain text."""
