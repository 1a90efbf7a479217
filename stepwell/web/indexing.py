"""Everything that can be found, from all rooms, into the index."""

from collections.abc import Callable, Mapping

from stepwell.apps.directory import actions as directory
from stepwell.apps.magazine import actions as magazine
from stepwell.apps.search import actions as search
from stepwell.apps.search import facts

Progress = Callable[[int], None]
Counts = Mapping[str, int]


def renew(progress: Progress) -> dict[str, Counts]:
    """Make the index hold exactly what there is; return by part what was found and what changed."""
    return {
        "facts": search.replace(facts.FAMILIES, facts.documents(), progress),
        "articles": magazine.make_all_findable(progress),
        "listings": directory.make_all_findable(progress),
    }
