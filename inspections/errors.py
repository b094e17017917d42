"""What inspections refuse."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Forbidden, InvalidInput


class NotYourCampaign(Forbidden):
    """The campaign belongs to another unit."""

    code = "not_your_campaign"
    default_message = _("this campaign is run by another unit")


class NotOnThisOuting(Forbidden):
    """The actor is no member of the outing."""

    code = "not_on_this_outing"
    default_message = _("only the officers of this outing may do this")


class OwnVisit(Forbidden):
    """Nobody approves his own inspection."""

    code = "own_visit"
    default_message = _("an inspection is approved by somebody who was not on it")


class TooFewOfficers(InvalidInput):
    """The profile wants two officers (行政处罚法 42, 总局令49号 23)."""

    code = "too_few_officers"
    default_message = _("an outing needs at least two officers")


class CampaignClosed(DomainError):
    """No outing starts in a closed campaign."""

    code = "campaign_closed"
    default_message = _("this campaign is closed")


class TargetExcluded(DomainError):
    """The subject was taken out of the campaign."""

    code = "target_excluded"
    default_message = _("this subject was excluded from the campaign")


class AlreadyVisited(DomainError):
    """A first visit of this target exists already."""

    code = "already_visited"
    default_message = _("a colleague has already begun or finished this inspection")


class VisitNotOpen(DomainError):
    """Answers change only while the visit is a draft."""

    code = "visit_not_open"
    default_message = _("this inspection was submitted and can no longer be changed")


class ConflictingSubmission(DomainError):
    """One client key was used for two different things."""

    code = "conflicting_submission"
    default_message = _("this form was already used for something else; reload the page")


class PhotoRequired(InvalidInput):
    """The file is no picture."""

    code = "photo_required"
    default_message = _("only a JPEG or PNG photo can be evidence here")


class OrderExists(DomainError):
    """The visit has its order already."""

    code = "order_exists"
    default_message = _("an order was already issued for this inspection")


class NothingToOrder(DomainError):
    """The visit found no problem."""

    code = "nothing_to_order"
    default_message = _("this inspection found no problem, so there is nothing to order")


class FollowUpClosed(DomainError):
    """The re-inspection was already made."""

    code = "follow_up_closed"
    default_message = _("this re-inspection was already recorded")


class ChecklistFileUnusable(InvalidInput):
    """The checklist file cannot be read."""

    code = "checklist_file_unusable"
    default_message = _("the checklist file cannot be read")
