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


class LoadRefused(DomainError):
    """A house in service takes invented cases only if told so."""

    code = "load_refused_in_production"
    default_message = _("this house is in production: invented cases only with --in-production")


class AmountUnusable(DomainError):
    """No such number of cases can be made."""

    code = "load_amount_unusable"
    default_message = _("the number of cases must be 1 or more")


class NothingOnOffer(DomainError):
    """No window could take in a case."""

    code = "load_nothing_on_offer"
    default_message = _(
        "no clerk's window accepts an item whose limit is long enough: "
        "load a district and a catalogue first"
    )
