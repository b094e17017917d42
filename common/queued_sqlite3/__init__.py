"""SQLite whose writers queue."""
