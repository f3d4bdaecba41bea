"""Sources are parsed in processes of their own, within limits."""
