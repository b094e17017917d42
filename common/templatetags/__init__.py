"""Small tags every page may use."""
