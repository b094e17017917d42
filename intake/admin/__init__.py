"""Screens of intake: window, cases, applications."""

from intake.admin import applications, cases

__all__ = ["applications", "cases"]
