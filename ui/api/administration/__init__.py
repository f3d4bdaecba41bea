"""What those who run the server change: settings, users, tokens, sessions."""
