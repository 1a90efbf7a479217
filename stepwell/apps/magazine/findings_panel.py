"""What the checks found, at the top of the editor. Works without a script: made at each load."""

from typing import Any

from wagtail.admin.panels import Panel

from stepwell.apps.magazine import checking


class FindingsPanel(Panel):
    """Lists findings with where, what and repair; what blocks comes first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", "Before this is published")
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "magazine/admin/findings.html"

        def is_shown(self) -> bool:
            """Return whether there is a stored text to look at."""
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the findings and the figures of how hard the text is to read."""
            found = checking.findings(self.instance)
            return {
                **super().get_context_data(parent_context),
                "blocking": [one for one in found if one.blocks],
                "advisory": [one for one in found if not one.blocks],
                "readability": checking.readability_of(self.instance),
            }
