"""Screens of intake: window, cases, applications, first contacts."""

from intake.admin import applications, cases, first_contacts

__all__ = ["applications", "cases", "first_contacts"]
