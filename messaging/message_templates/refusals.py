"""Why a template cannot be used."""

from notify.lib.refusals import ActionRefused, Reason


class TemplateNotFound(ActionRefused):
    """The service has no such template, or not in this version."""

    def __init__(self) -> None:
        super().__init__(Reason("template_not_found", "Template not found"))
