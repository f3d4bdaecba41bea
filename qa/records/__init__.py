"""What crosses a stage: frozen records, and their JSON."""
