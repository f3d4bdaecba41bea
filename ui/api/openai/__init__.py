"""What clients of OpenAI's interface find here."""
