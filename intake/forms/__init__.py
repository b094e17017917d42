"""Forms of the window, of the verbs, of the progress page."""
