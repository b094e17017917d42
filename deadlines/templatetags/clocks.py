"""The remaining-time chip in templates: ``{% load clocks %}{% clock_chip clock %}``."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from deadlines.models import Clock
from deadlines.parts import remaining

register = template.Library()


@register.simple_tag
def clock_chip(clock: Clock | None) -> SafeString | str:
    """The chip of a clock; nothing where no clock runs."""
    if not clock:
        return ""
    return render_to_string("deadlines/chip.html", {"clock": clock, "left": remaining(clock)})


@register.simple_tag
def clock_text(clock: Clock | None) -> str:
    """The words of the chip alone, for papers and titles."""
    return remaining(clock).text if clock else ""
