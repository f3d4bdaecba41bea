"""What people would use instead, over the same articles and questions, measured the same way."""
