"""What the catalogue refuses."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, InvalidInput, NotFound


class ItemNotFound(NotFound):
    """No item of that code, or not within the actor's scope."""

    code = "item_not_found"
    default_message = _("there is no item with this code")


class ItemNotInForce(DomainError):
    """The item has no published version: suspended, abolished or never published."""

    code = "item_not_in_force"
    default_message = _("this item is not in force at present, so no case can be opened on it")


class ItemCodeTaken(DomainError):
    """Another item has this code."""

    code = "item_code_taken"
    default_message = _("another item has this code")


class InvalidItem(InvalidInput):
    """The elements of an item contradict each other; ``fields`` names each fault."""

    code = "invalid_item"
    default_message = _("the elements of the item are incomplete or contradict each other")


class UnreadableTable(InvalidInput):
    """The file is no table an item can be read from."""

    code = "unreadable_table"
    default_message = _("the file cannot be read as a table")


class ImportOver(DomainError):
    """The staged import was already applied or is being applied."""

    code = "import_over"
    default_message = _("this import has already been carried out")


class VersionUnderReview(DomainError):
    """The newest version is in review or waits for its day, so nobody writes on it."""

    code = "version_under_review"
    default_message = _(
        "a version of this item is in review or waits for its day: take it back before changing it"
    )


class BundleNotFound(NotFound):
    """No bundle of that code, or it is not offered."""

    code = "bundle_not_found"
    default_message = _("there is no such bundle, or it is not offered at present")


class InvalidBundle(InvalidInput):
    """The parts make no bundle; ``fields`` names each fault."""

    code = "invalid_bundle"
    default_message = _("the bundle is incomplete or contradicts itself")
