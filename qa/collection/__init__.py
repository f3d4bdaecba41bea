"""What is asked of the collection itself, answered from the library's own records."""
