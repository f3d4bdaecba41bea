"""Questions with accepted answers: read, drafted, chosen."""
