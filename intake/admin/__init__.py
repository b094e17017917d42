"""Screens of intake: window, cases, applications, first contacts, help."""

from intake.admin import applications, cases, first_contacts, helping

__all__ = ["applications", "cases", "first_contacts", "helping"]
