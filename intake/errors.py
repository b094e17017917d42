"""What intake refuses, in words a clerk can act on."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, Forbidden, InvalidInput, NotFound


class CaseNotFound(NotFound):
    """No such case, or it belongs to another street or department."""

    code = "case_not_found"
    default_message = _("there is no such case, or it belongs to another street or department")


class InvalidApplicant(InvalidInput):
    """Something about the applicant cannot be right; ``fields`` says what."""

    code = "invalid_applicant"


class NameDiffers(InvalidInput):
    """The identity number is on file under another name."""

    code = "name_differs"


class CasesOpen(DomainError):
    """The person's data are still needed: ``details`` names the cases that are not over."""

    code = "cases_open"


class ItemNotAcceptedHere(InvalidInput):
    """The item is not in force, opens no case, or is accepted elsewhere."""

    code = "item_not_accepted_here"
    default_message = _("this item is not in force or is not accepted at this service point")


class NoItemChosen(InvalidInput):
    """An application without an item."""

    code = "no_item_chosen"
    default_message = _("choose at least one item")


class InvalidForm(InvalidInput):
    """The item's form is not filled in as its definition asks."""

    code = "invalid_form"


class MaterialUnknown(InvalidInput):
    """A material the guide does not ask for (安阳条例 23)."""

    code = "material_unknown"
    default_message = _("the guide does not ask for this material")


class DueDateUnusable(InvalidInput):
    """A day named to the applicant that has passed or comes too late."""

    code = "due_date_unusable"


class NothingToCorrect(InvalidInput):
    """A one-time notice that asks for nothing."""

    code = "nothing_to_correct"
    default_message = _("say at least one thing that is to be corrected")


class NoWindowPost(Forbidden):
    """Whoever acts stands at no service point."""

    code = "no_window_post"
    default_message = _("you hold no post at a service point, so you cannot take applications")


class OtherDesk(Forbidden):
    """The case lies with another window or department."""

    code = "other_desk"
    default_message = _("this step belongs to the window or department that has the case")


class FileNotYours(InvalidInput):
    """A file uploaded by somebody else, or none."""

    code = "file_unknown"
    default_message = _("this file was not uploaded by you, or no longer exists")


class SubmittedAlready(DomainError):
    """The same form was handed in before; ``details`` names the application."""

    code = "submitted_already"
    default_message = _("this form was handed in already")


class DepartmentUnchanged(InvalidInput):
    """A hand-over to the department that has the case already."""

    code = "department_unchanged"
    default_message = _("the case is with this department already")


class BundleDiffers(InvalidInput):
    """Other items than the bundle is made of, or the bundle is offered no more."""

    code = "bundle_differs"
    default_message = _("the bundle was changed or is offered no more; choose it anew")


class NoticeVoid(DomainError):
    """The notice's number was voided, so there is nothing to serve."""

    code = "notice_void"
    default_message = _("the number of this notice is void; serve the one in force")


class ReceiverUnusable(InvalidInput):
    """No place to hand a matter to, two of them, the same one, or one where nobody works."""

    code = "receiver_unusable"


class OtherPlace(Forbidden):
    """The step belongs to the place that was asked first, or to the one it was handed to."""

    code = "other_place"
    default_message = _("this step belongs to the place that was asked first or was handed it")


class WishMissing(InvalidInput):
    """A first contact that does not say what is wanted, or an answer that says nothing."""

    code = "wish_missing"


class EarlierUnusable(InvalidInput):
    """A material handed in before cannot be used again."""

    code = "earlier_unusable"
    default_message = _("a material handed in before cannot be used again")


class GuardianMissing(InvalidInput):
    """A minor applies through his guardian (民法典 19, 20, 23)."""

    code = "guardian_missing"
    default_message = _(
        "the applicant is under eighteen: a guardian hands in for him (民法典 19, 20, 23)"
    )
