"""How the sample district comes into being."""

from sample.services.digest import district_digest
from sample.services.district import LoadOptions, LoadReport, load_district
from sample.services.load import LoadWanted, generate_load

__all__ = [
    "LoadOptions",
    "LoadReport",
    "LoadWanted",
    "district_digest",
    "generate_load",
    "load_district",
]
