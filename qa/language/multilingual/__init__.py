"""Languages other than English: how they are cut, told apart, and spoken to."""
