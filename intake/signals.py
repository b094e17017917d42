"""Facts intake states; sent by services, last, inside the transaction."""

from django.dispatch import Signal

application_opened = Signal()  # application, actor
case_submitted = Signal()  # case, actor
case_received = Signal()  # case, actor
correction_requested = Signal()  # case, notice, actor
second_notice_told = Signal()  # case, notice, actor, reason
case_corrected = Signal()  # case, actor
case_accepted = Signal()  # case, actor
acceptance_refused = Signal()  # case, notice, actor
case_returned = Signal()  # case, actor
case_reassigned = Signal()  # case, actor, former_department
case_withdrawn = Signal()  # case, actor
effect_annulled = Signal()  # case, effect, actor
case_sent_to_window = Signal()  # case, actor, reason
case_review_begun = Signal()  # case, actor
case_suspended = Signal()  # case, actor
case_resumed = Signal()  # case, actor
case_closed = Signal()  # case, actor
case_ready = Signal()  # case, actor
case_delivered = Signal()  # case, actor
case_archived = Signal()  # case, actor
