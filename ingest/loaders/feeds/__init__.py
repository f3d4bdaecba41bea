"""News feeds: RSS and Atom, JSON Feed, and what their entries have in common."""
