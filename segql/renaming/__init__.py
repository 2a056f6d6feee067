"""A saved segment, or an event of the catalog, under another name, wherever texts name it; layout and comments stay."""

from .events import event_renamed
from .segments import segment_renamed
from .texts import Renamed, rules_of

__all__ = ["Renamed", "event_renamed", "rules_of", "segment_renamed"]
