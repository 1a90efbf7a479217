"""Towns and postcode districts: those we ship, and the postal files that a host brings."""

from stepwell.importers.places.load import load_shipped
from stepwell.importers.places.postal import import_postal

__all__ = ["import_postal", "load_shipped"]
