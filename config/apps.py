"""The top floor as an app: it owns commands, never tables."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Processes and commands of the house."""

    name = "config"
