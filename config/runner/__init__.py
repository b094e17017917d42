"""The runner behind ``make run``: web, worker and beat as three children of one parent."""
