"""What supervision hears from the clocks."""

from typing import Any

from django.dispatch import receiver

from deadlines.models import Clock, StageFire
from deadlines.signals import stage_fired
from supervision.services import record_stage


@receiver(stage_fired, dispatch_uid="supervision.record_stage")
def hear_stage(clock: Clock, fire: StageFire, **_kwargs: Any) -> None:
    """A card is written, or an escalation noted, in the transaction that reached the stage."""
    record_stage(clock=clock, fire=fire)
