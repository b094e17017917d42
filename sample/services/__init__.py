"""How the sample district comes into being."""

from sample.services.digest import district_digest
from sample.services.district import LoadOptions, LoadReport, load_district

__all__ = ["LoadOptions", "LoadReport", "district_digest", "load_district"]
