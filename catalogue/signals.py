"""Facts the catalogue states; sent by services, inside the transaction."""

from django.dispatch import Signal

version_published = Signal()  # version, actor
version_suspended = Signal()  # version, actor
version_resumed = Signal()  # version, actor
version_abolished = Signal()  # version, actor
