"""From a question as it was typed to what is searched and expected."""
