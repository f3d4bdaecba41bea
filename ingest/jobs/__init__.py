"""Sources that wait in the database of a library, and the workers that take them in."""
