"""Phone pages of inspectors and patrollers."""
