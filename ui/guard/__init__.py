"""Who may do what, how often and how much, before anything is done."""
