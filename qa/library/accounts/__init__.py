"""Who is logged in, with which tokens, what was set on the screen, and who changed what."""
