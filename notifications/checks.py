"""System checks of the channels."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifications.rules import template_fault


@register()
def channels_usable(**_kwargs: Any) -> list[CheckMessage]:
    """Each channel the district named is of its kind and has a place for the recipient."""
    given = settings.NOTIFICATION_CHANNELS.items()
    faults = ((name, template_fault(name, template)) for name, template in given if template)
    return [
        Error(f"NOTIFY_{name.upper()}: {fault}", id="notifications.E001")
        for name, fault in faults
        if fault
    ]
