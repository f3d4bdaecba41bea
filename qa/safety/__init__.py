"""Text in articles and replies that must not be obeyed, believed or shown as it is."""
