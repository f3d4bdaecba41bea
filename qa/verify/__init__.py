"""Whether what an answer says stands in the articles."""
