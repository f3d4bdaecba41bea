"""The commands of librarians: one article changed or erased, collections, saved questions."""
