"""How the sample district comes into being."""

from sample.services.district import LoadOptions, LoadReport, load_district

__all__ = ["LoadOptions", "LoadReport", "load_district"]
