"""Why a sample district is not built."""

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class SampleRefused(DomainError):
    """The house is not the place for sample data."""

    code = "sample_refused"
    default_message = _("the sample district is loaded only into an empty database")


class ProductionRefused(SampleRefused):
    """A house in service never takes sample data."""

    code = "sample_refused_in_production"
    default_message = _("the sample district is never loaded in production")


class CatalogueUnusable(DomainError):
    """The shipped catalogue does not fit the importer."""

    code = "sample_catalogue_unusable"
    default_message = _("rows of the sample catalogue were refused")


class StoryBroken(DomainError):
    """A story of the sample does not fit the rules of the house any more."""

    code = "sample_story_broken"
    default_message = _("a story of the sample district cannot be told")
