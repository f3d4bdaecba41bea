"""A library in a PostgreSQL database: its connections, its schema, its index of words."""
