"""Facts approvals state; sent by services, last, inside the transaction."""

from django.dispatch import Signal

opinion_recorded = Signal()  # review, actor
procedure_begun = Signal()  # procedure, actor
procedure_ended = Signal()  # procedure, actor
extension_requested = Signal()  # request, actor
extension_answered = Signal()  # request, actor
decision_made = Signal()  # decision, actor
result_delivered = Signal()  # delivery, actor
