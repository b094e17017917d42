"""The remaining-time chip in templates: ``{% load clocks %}{% clock_chip clock %}``."""

from django import template
from django.utils.safestring import SafeString

from deadlines import parts
from deadlines.models import Clock

register = template.Library()


@register.simple_tag
def clock_chip(clock: Clock | None) -> SafeString:
    """The chip of a clock; nothing where no clock runs."""
    return parts.clock_chip(clock)


@register.simple_tag
def clock_why(clock: Clock) -> str:
    """Where staff read why the clock ends on its day."""
    return parts.explain_url(clock)


@register.simple_tag
def clock_question(clock: Clock) -> str:
    """The public calculator with the question of this clock filled in."""
    return parts.calculator_url(clock)


@register.simple_tag
def clock_text(clock: Clock | None) -> str:
    """The words of the chip alone, for papers and titles."""
    return parts.remaining(clock).text if clock else ""
