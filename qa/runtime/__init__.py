"""What the libraries below us are told before they start. Each is imported here alone."""
