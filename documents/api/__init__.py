"""The check of papers over HTTP."""
