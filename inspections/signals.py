"""Facts inspections state; each is sent last, inside the transaction."""

from django.dispatch import Signal

visit_submitted = Signal()  # visit, actor
visit_concluded = Signal()  # visit, actor
order_issued = Signal()  # order, actor
order_closed = Signal()  # order, actor
