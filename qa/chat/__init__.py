"""Everything that asks a chat model."""
