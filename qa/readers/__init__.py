"""From passages to spans that answer."""
