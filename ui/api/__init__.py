"""The interfaces for programs: REST, chat completions, MCP."""
