"""Facts about messages; sent by services, last, inside the transaction."""

from django.dispatch import Signal

messages_posted = Signal()  # messages: those that wait for outside
message_settled = Signal()  # message: it was handed to its channel, or given up
