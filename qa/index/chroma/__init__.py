"""Chroma as the vector index of a folder, or of a server: its client, its files, its package."""
