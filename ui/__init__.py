"""The web app and the servers. Nothing here is imported by the other packages' parts."""
