"""What a citizen fills in at home: himself and the forms of his items."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalogue.forms import ItemForm, forms_for
from catalogue.models import Bundle, Item, ItemVersion
from intake.forms.drafts import typed_in
from intake.forms.window import ApplicantForm, FieldError, errors_of

OF_THE_CLERK = ("text_messages", "confirm_name")


class PrefillForm:
    """Applicant and items; materials are brought to the window."""

    def __init__(
        self, items: Sequence[Item], data: Any = None, *, bundle: Bundle | None = None
    ) -> None:
        self.items, self.bundle = list(items), bundle
        versions = [item.current for item in items if item.current is not None]
        self.data = data
        self.applicant = ApplicantForm(data, prefix="a")
        for name in OF_THE_CLERK:
            del self.applicant.fields[name]
        self.item_forms: list[tuple[ItemVersion, ItemForm]] = list(
            zip(versions, forms_for(versions, data), strict=True)
        )

    def _forms(self) -> Iterator[forms.Form]:
        yield self.applicant
        for _version, form in self.item_forms:
            yield form

    def is_valid(self) -> bool:
        """Whether the window could use it as it stands; every part is looked at."""
        sound = self.applicant.is_valid()
        for _version, form in self.item_forms:
            form.known |= self.applicant.known()
            sound = form.is_valid() and sound
        return sound

    @property
    def title(self) -> str:
        """What it is about: the bundle's name, else the items' names."""
        return self.bundle.name if self.bundle else _(", ").join(item.name for item in self.items)

    def typed(self) -> dict[str, list[str]]:
        """Fields of the page with what was typed."""
        return typed_in(self.data)

    def errors(self) -> list[FieldError]:
        """Every error for the summary at the top."""
        return [error for form in self._forms() for error in errors_of(form)]
