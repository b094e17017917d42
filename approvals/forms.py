"""The forms of a department's verbs; each carries out exactly one move."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals import services
from approvals.choices import DeliveryMethod, Outcome, TerminationGround
from deadlines.choices import Ground
from intake import services as intake
from intake.choices import CaseResult
from intake.models import Case
from intake.parts import VerbForm
from organisations.models import User

TEXT_LENGTH = 1000


def _text(label: Any, *, required: bool = True, initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        required=required,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class ArgumentsForm(VerbForm):
    """A verb whose service takes the form's own fields by name."""

    takes_note = False
    passed: tuple[str, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """The named fields."""
        return {name: self.cleaned_data[name] for name in self.passed}


class BeginReviewForm(VerbForm):
    """The reviewer opens the case."""

    move = "begin_review"
    for_many = True
    service = intake.begin_review
    takes_note = False


class OpinionForm(ArgumentsForm):
    """An opinion with a proposal."""

    move = "record_review"
    service = services.record_opinion
    passed = ("opinion", "outcome")

    outcome = forms.ChoiceField(label=_("proposal"), choices=Outcome)
    opinion = _text(_("opinion"))


class SendToWindowForm(VerbForm):
    """The case goes back to the window with a reason."""

    move = "send_to_window"
    for_many = True
    service = intake.send_to_window


class SuspendForm(ArgumentsForm):
    """A special procedure begins."""

    move = "suspend_case"
    service = services.begin_procedure
    passed = ("ground", "told_until", "reason")

    ground = forms.ChoiceField(label=_("special procedure"), choices=Ground)
    told_until = _day(_("told to last until"))
    reason = _text(_("reason told to the applicant"))


class ResumeForm(ArgumentsForm):
    """The result of a special procedure has come."""

    move = "resume_case"
    service = services.end_procedure
    passed = ("result",)

    result = _text(_("result of the special procedure"))


class RequestExtensionForm(ArgumentsForm):
    """More time is asked for."""

    move = "request_extension"
    service = services.request_extension
    passed = ("amount", "reason")

    amount = forms.IntegerField(label=_("longer by (working days)"), min_value=1, max_value=60)
    reason = _text(_("reason"))


class ApproveExtensionForm(VerbForm):
    """The head gives more time."""

    move = "approve_extension"
    service = services.answer_extension

    moves_promise = forms.BooleanField(label=_("the promised day moves as well"), required=False)

    def arguments(self) -> dict[str, Any]:
        """Approval, note and whether the promise moves."""
        moves = self.cleaned_data["moves_promise"]
        return {**super().arguments(), "approve": True, "moves_promise": moves}


class RefuseExtensionForm(VerbForm):
    """The head gives no more time."""

    move = "refuse_extension"
    service = services.answer_extension

    def arguments(self) -> dict[str, Any]:
        """Refusal and note."""
        return {**super().arguments(), "approve": False}


class GrantForm(ArgumentsForm):
    """The application is granted."""

    move = "grant_case"
    service = services.decide_case
    passed = ("opinion", "text", "valid_until")
    result = CaseResult.GRANTED

    opinion = _text(_("opinion"), initial="申请材料齐全，符合法定条件，同意办理。")
    text = _text(_("decision, if more than the usual sentence"), required=False)
    valid_until = _day(_("valid until"), required=False)

    def arguments(self) -> dict[str, Any]:
        """The fields and the result."""
        return {**super().arguments(), "result": self.result}


class RefuseForm(ArgumentsForm):
    """The application is refused, with reasons."""

    move = "refuse_case"
    service = services.decide_case
    passed = ("opinion", "text")

    opinion = _text(_("reasons told to the applicant"))
    text = _text(_("decision, if more than the usual sentence"), required=False)

    def arguments(self) -> dict[str, Any]:
        """The fields and the result."""
        return {**super().arguments(), "result": CaseResult.REFUSED}


class OnSpotForm(ArgumentsForm):
    """The window decides at once."""

    move = "decide_on_spot"
    service = services.grant_on_spot
    passed = ("opinion",)

    opinion = _text(_("opinion"), initial="申请材料齐全，符合法定条件，当场办结。")


class TerminateForm(VerbForm):
    """The procedure cannot go on."""

    move = "terminate_case"
    service = services.terminate

    ground = forms.ChoiceField(label=_("ground"), choices=TerminationGround)

    def arguments(self) -> dict[str, Any]:
        """Ground and note."""
        return {**super().arguments(), "ground": self.cleaned_data["ground"]}


class ReadyForm(VerbForm):
    """The result lies ready."""

    move = "ready_result"
    for_many = True
    service = intake.mark_awaiting_delivery


class DeliverForm(ArgumentsForm):
    """The result is handed out."""

    move = "deliver_result"
    service = services.deliver_result
    passed = ("receiver", "method", "proof")

    method = forms.ChoiceField(label=_("method"), choices=DeliveryMethod)
    receiver = forms.CharField(label=_("who took it"), max_length=60)
    proof = forms.CharField(
        label=_("proof"),
        max_length=200,
        required=False,
        help_text=_("identity paper shown, tracking number, or the like"),
    )

    def __init__(self, *args: Any, case: Case, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, actor=actor, **kwargs)
        self.fields["receiver"].initial = case.application.applicant.reveal("name")


class ArchiveForm(VerbForm):
    """The file is closed."""

    move = "archive_case"
    for_many = True
    service = intake.archive_case


VERB_FORMS = (
    BeginReviewForm,
    OpinionForm,
    SendToWindowForm,
    SuspendForm,
    ResumeForm,
    RequestExtensionForm,
    ApproveExtensionForm,
    RefuseExtensionForm,
    GrantForm,
    RefuseForm,
    OnSpotForm,
    TerminateForm,
    ReadyForm,
    DeliverForm,
    ArchiveForm,
)
