"""Every verb of inspections; strangers import them from here."""

from inspections.services.bulk import (
    Failure,
    correct_everything,
    submit_filled,
    walk_visit,
)
from inspections.services.campaigns import (
    CampaignInput,
    add_targets,
    create_campaign,
    dispatch_officers,
    exclude_target,
)
from inspections.services.checklists import load_checklist, publish_checklist
from inspections.services.evidence import DevicePosition, attach_photo
from inspections.services.orders import (
    DeliveryInput,
    OrderItemInput,
    default_due_on,
    issue_order,
    revoke_order,
)
from inspections.services.problems import add_problem, withdraw_problem
from inspections.services.programmes import ensure_profiles, register_subject
from inspections.services.rechecks import ItemFinding, recheck_visit
from inspections.services.records import (
    BatchInput,
    InterviewInput,
    hold_interview,
    record_sampling_batch,
)
from inspections.services.visits import (
    AnswerInput,
    answer_item,
    answer_items,
    approve_visit,
    open_visit,
    publish_result,
    submit_visit,
    void_visit,
)

__all__ = [
    "AnswerInput",
    "BatchInput",
    "CampaignInput",
    "DeliveryInput",
    "DevicePosition",
    "Failure",
    "InterviewInput",
    "ItemFinding",
    "OrderItemInput",
    "add_problem",
    "add_targets",
    "answer_item",
    "answer_items",
    "approve_visit",
    "attach_photo",
    "correct_everything",
    "create_campaign",
    "default_due_on",
    "dispatch_officers",
    "ensure_profiles",
    "exclude_target",
    "hold_interview",
    "issue_order",
    "load_checklist",
    "open_visit",
    "publish_checklist",
    "publish_result",
    "recheck_visit",
    "record_sampling_batch",
    "register_subject",
    "revoke_order",
    "submit_filled",
    "submit_visit",
    "void_visit",
    "walk_visit",
    "withdraw_problem",
]
