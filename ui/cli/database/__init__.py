"""The commands for a library in a database, and for moving and saving libraries."""
