"""Questions asked, measured, summed up and compared."""
