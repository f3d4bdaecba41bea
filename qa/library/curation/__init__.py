"""What librarians do: list and filter, edit, group, erase. Needs the library alone."""
