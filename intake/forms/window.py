"""The one form of the window: applicant, items, materials, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from catalogue.forms import forms_for, stored_answers
from catalogue.models import Bundle, Item, ItemVersion
from common import time
from common.errors import InvalidInput
from common.identity import spelled, telephone_fault
from intake.choices import ORGANISATION_ID_TYPES, AgentRole, ApplicantKind, IdType
from intake.errors import GuardianMissing
from intake.forms.helping import helper_field, order_of, points_of
from intake.forms.materials import MaterialsForm, asked_by, editable
from intake.models import Case
from intake.rules.acceptance import named_day_fault
from intake.rules.identity import id_fault, is_minor
from intake.services import ApplicantInput, ItemOrder
from intake.services.earlier import EarlierMaterial, earlier_materials, person_of, twins
from notifications.choices import Channel
from notifications.services import configured
from organisations.models import Post, ServicePoint, User, Window

CORRECTION_DAYS = 7
KNOWN = ("name", "id_number", "mobile", "address", "agent_name")


def kind_of(id_type: str) -> str:
    """The kind of applicant a paper belongs to."""
    return ApplicantKind.ORGANISATION if id_type in ORGANISATION_ID_TYPES else ApplicantKind.PERSON


class ApplicantForm(forms.Form):
    """Who applies, and who came for him."""

    name = forms.CharField(label=_("name of the applicant"), max_length=100)
    id_type = forms.ChoiceField(
        label=_("kind of identity paper"), choices=IdType, initial=IdType.RESIDENT_ID
    )
    id_number = forms.CharField(
        label=_("number of the identity paper"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    mobile = forms.CharField(
        label=_("telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(label=_("address"), max_length=200, required=False)
    agent_name = forms.CharField(label=_("agent"), max_length=60, required=False)
    agent_id = forms.CharField(label=_("agent's identity number"), max_length=40, required=False)
    agent_role = forms.ChoiceField(
        label=_("by what right"), choices=AgentRole, required=False, initial=AgentRole.AUTHORISED
    )
    text_messages = forms.BooleanField(
        label=_("agrees to be told of the progress by text message"), required=False
    )
    confirm_name = forms.BooleanField(
        label=_("I compared the name with the identity paper"), required=False
    )

    @property
    def may_text(self) -> bool:
        """Whether the district sends text messages at all."""
        return Channel.SMS in configured()

    def clean_mobile(self) -> str:
        """A telephone number that can exist."""
        number = spelled(self.cleaned_data["mobile"])
        fault = telephone_fault(number)
        if fault:
            raise forms.ValidationError(str(fault))
        return number

    def clean(self) -> dict[str, Any]:
        """The number fits the chosen paper; an agent names his own number rightly."""
        cleaned: dict[str, Any] = super().clean() or {}
        self._check("id_number", cleaned.get("id_type", ""))
        if cleaned.get("agent_id"):
            self._check("agent_id", IdType.RESIDENT_ID)
        self._demand_guardian(cleaned)
        return cleaned

    def _demand_guardian(self, cleaned: dict[str, Any]) -> None:
        """A minor's guardian hands in for him."""
        number = cleaned.get("id_number", "")
        if not is_minor(cleaned.get("id_type", ""), number, time.today()):
            return
        is_guardian = cleaned.get("agent_role") == AgentRole.GUARDIAN
        if not (is_guardian and cleaned.get("agent_name", "").strip()):
            self.add_error("agent_name", str(GuardianMissing.default_message))

    def _check(self, field: str, id_type: str) -> None:
        if field not in self.cleaned_data:
            return
        number = spelled(self.cleaned_data[field])
        fault = id_fault(id_type, number, time.today())
        if fault:
            self.add_error(field, str(fault))
        else:
            self.cleaned_data[field] = number

    def applicant(self) -> ApplicantInput:
        """The applicant for the services."""
        given = self.cleaned_data
        return ApplicantInput(
            name=given["name"],
            id_number=given["id_number"],
            kind=kind_of(given["id_type"]),
            id_type=given["id_type"],
            mobile=given["mobile"],
            address=given["address"],
            confirm_name=given["confirm_name"],
            text_messages=given["text_messages"] and self.may_text,
        )

    def known(self) -> dict[str, str]:
        """What forms of items may take from here; what is wrong here is not known."""
        return {name: str(self.cleaned_data.get(name) or "") for name in KNOWN}

    def agent(self) -> dict[str, str]:
        """The agent for the services; empty if the applicant came himself."""
        name = self.cleaned_data["agent_name"].strip()
        role = self.cleaned_data["agent_role"] or AgentRole.AUTHORISED
        number = self.cleaned_data["agent_id"]
        return {"name": name, "id_number": number, "role": str(role)} if name else {}


class SlipForm(forms.Form):
    """Where it is taken, days named to the applicant, and the token against a double click."""

    post = forms.ModelChoiceField(label=_("window"), queryset=Post.objects.none(), empty_label=None)
    deferred_until = forms.DateField(
        label=_("deferred materials follow by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    correction_due_on = forms.DateField(
        label=_("corrections by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    meant_again = forms.BooleanField(
        label=_("the applicant means it: hand in once more"), required=False
    )
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, posts: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        field.queryset = Post.objects.filter(pk__in=[post.pk for post in posts]).for_list()
        field.label_from_instance = place_label
        if len(posts) == 1:
            field.widget = forms.HiddenInput()
        field.initial = posts[0].pk
        self.fields["helper"] = helper_field(points_of(posts))
        day = time.today() + timedelta(days=CORRECTION_DAYS)
        self.fields["correction_due_on"].initial = day
        self.fields["deferred_until"].initial = day
        self.fields["token"].initial = uuid4().hex

    def clean_correction_due_on(self) -> Any:
        """A day that lies ahead."""
        day = self.cleaned_data["correction_due_on"]
        fault = named_day_fault(day, time.today()) if day else None
        if fault:
            raise forms.ValidationError(str(fault))
        return day


def show_typed(form: forms.Form, typed: Mapping[str, list[str]]) -> None:
    """An unbound form shows what was typed before, without judging it yet."""
    given = MultiValueDict(typed)
    kept = {
        name: field.widget.value_from_datadict(given, MultiValueDict(), form.add_prefix(name))
        for name, field in form.fields.items()
        if form.add_prefix(name) in given
    }
    form.initial.update(kept)


def place_label(post: Post) -> str:
    """Point and window of a post."""
    return f"{post.point} {post.window}" if post.window else str(post.point)


def window_posts(user: User) -> list[Post]:
    """The posts at a service point this person holds."""
    return [post for post in user.acting_posts if post.point_id]


@dataclass(frozen=True)
class FieldError:
    """One line of the summary at the top, leading to its field."""

    label: str
    message: str
    target: str


@dataclass(frozen=True)
class Known:
    """What is on file of the applicant: the same matter asked for before, materials to use again.

    ``earlier`` holds the name of the field, the material, and whether it is chosen.
    """

    twins: list[Case]
    earlier: list[tuple[str, EarlierMaterial, bool]]


class WindowForm:
    """Applicant, items, materials and slip, checked and handed in together."""

    def __init__(
        self,
        *,
        actor: User,
        items: Sequence[Item],
        posts: Sequence[Post],
        data: Any = None,
        files: Any = None,
        typed: Mapping[str, list[str]] | None = None,
        bundle: Bundle | None = None,
    ) -> None:
        self.actor, self.items, self.posts = actor, list(items), list(posts)
        self.bundle = bundle
        versions = [item.current for item in self.items if item.current is not None]
        self.applicant = ApplicantForm(data, prefix="a")
        self.slip = SlipForm(data, prefix="s", posts=posts)
        self.item_forms = list(zip(versions, forms_for(versions, data), strict=True))
        requirements = requirements_of(versions, bundle)
        self.materials = MaterialsForm(
            data,
            files,
            prefix="m",
            asked=asked_by(requirements),
            actor=actor,
            region_code=posts[0].scope_code,
        )
        self.show_confirm_name = False
        self.faults: list[FieldError] = []
        for form in self._forms():
            show_typed(form, typed or {})

    def _forms(self) -> Iterator[forms.Form]:
        yield self.slip
        yield self.applicant
        for _version, form in self.item_forms:
            yield form
        yield self.materials

    def is_valid(self) -> bool:
        """Whether everything typed can be used; every part is looked at."""
        if self.applicant.is_bound:
            self.applicant.is_valid()
            for _version, form in self.item_forms:
                form.known |= self.applicant.known()
        faulty = [form for form in self._forms() if not form.is_valid()]
        return not faulty

    @property
    def missing(self) -> list[str]:
        """Names of the materials that still hinder acceptance."""
        return [one.name for one in self.materials.missing()]

    @property
    def may_defer(self) -> bool:
        """Whether some material may follow later."""
        return any(one.may_follow for one in self.materials.asked)

    @property
    def place(self) -> tuple[ServicePoint, Window | None]:
        """Point and window of the chosen post."""
        post: Post = self.slip.cleaned_data["post"]
        if post.point is None:
            raise InvalidInput
        return post.point, post.window

    @cached_property
    def known(self) -> Known | None:
        """What is on file of whoever is typed in; None for a stranger, or while it is wrong."""
        given = self.applicant.cleaned_data if self.applicant.is_bound else {}
        person = person_of(given.get("id_type", ""), given.get("id_number", ""))
        if person is None or person.is_erased:
            return None
        names = {one.name: one.key for one in self.materials.asked}
        earlier = earlier_materials(actor=self.actor, person=person, names=names)
        return Known(
            twins=twins(
                actor=self.actor,
                person=person,
                item_ids=[item.pk for item in self.items],
                token=str(self.slip["token"].value() or ""),
            ),
            earlier=[
                (f"{self.materials.prefix}-m{names[one.name]}_earlier", one, self._uses(one))
                for one in earlier.values()
            ],
        )

    def _uses(self, one: EarlierMaterial) -> bool:
        posted: Any = self.materials.data
        wanted = [posted.getlist(name) for name in posted if name.endswith("_earlier")]
        return any(str(one.row.pk) in values for values in wanted)

    @property
    def needs_a_second_look(self) -> bool:
        """Whether the same matter was asked for of late, and the clerk has not said that it is meant."""
        known = self.known
        return bool(known and known.twins and not self.slip.cleaned_data["meant_again"])

    def given(self) -> dict[str, Any]:
        """What ``hand_in_application`` takes."""
        point, window = self.place
        slip = self.slip.cleaned_data
        return {
            "point": point,
            "window": window,
            "applicant": self.applicant.applicant(),
            "agent": self.applicant.agent(),
            "orders": [
                ItemOrder(version_id=version.pk, answers=stored_answers(form))
                for version, form in self.item_forms
            ],
            "materials": self.materials.inputs(slip["deferred_until"]),
            "submission_token": slip["token"],
            "help_order": order_of(slip["helper"]),
            "bundle_code": self.bundle.code if self.bundle else "",
        }

    def take_refusal(self, fields: Mapping[str, Sequence[str]], message: str) -> None:
        """A refusal of a service stands at the field it is about, else at the top."""
        own = {"name", "id_type", "id_number", "mobile"}
        self.show_confirm_name = "name" in fields
        for name in own & set(fields):
            for text in fields[name]:
                self.applicant.add_error(name, text)
        if "deferred_until" in fields:
            self.slip.add_error("deferred_until", message)
        if not (own | {"deferred_until"}) & set(fields):
            details = "；".join(text for texts in fields.values() for text in texts)
            text = f"{message} {details}" if details and details != message else message
            self.faults.append(FieldError("", text.strip(), ""))

    def renew_token(self) -> None:
        """The page is a form of its own again: its next submission is no repetition."""
        data = editable(self.slip.data)
        data[self.slip.add_prefix("token")] = uuid4().hex
        self.slip.data = data

    def errors(self) -> list[FieldError]:
        """Every error for the summary at the top."""
        found = [error for form in self._forms() for error in errors_of(form)]
        return [*self.faults, *found]


def requirements_of(versions: Sequence[ItemVersion], bundle: Bundle | None = None) -> list[Any]:
    """Materials to bring, knowing their version without another question."""
    found = [(version, row) for version in versions for row in version.materials.all()]
    for version, row in found:
        row.version = version
    return [row for _version, row in found if bundle is None or row.pk not in bundle.spared]


def errors_of(form: forms.Form) -> Iterator[FieldError]:
    """Every error of a form, with the field it leads to."""
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        label = str(bound.label) if bound else ""
        target = bound.id_for_label if bound else ""
        for message in messages:
            yield FieldError(label, str(message), target)
