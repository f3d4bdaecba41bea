"""What runs beside the requests: what is read or asked again, and the pool of work."""
