"""Forms: of an item, made from its definition; of the catalogue's keepers."""

from catalogue.forms.filling import ItemForm, form_for, forms_for, stored_answers
from catalogue.forms.work import ImportForm, NoteForm

__all__ = ["ImportForm", "ItemForm", "NoteForm", "form_for", "forms_for", "stored_answers"]
