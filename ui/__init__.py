"""The ways in: the command line, the web app and the servers. No other package imports them."""
