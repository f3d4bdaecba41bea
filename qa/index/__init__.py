"""What is derived from the library and can be built again: vectors, and their upkeep."""
