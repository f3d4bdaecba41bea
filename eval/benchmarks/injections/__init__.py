"""How much of what articles say to machines is recognised, and how much of it is answered with."""
