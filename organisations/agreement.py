"""The agreement between the platform and an organisation: which versions there are, and which text each body reads.

The texts are templates/organisations/agreement/<version>_{crown,non_crown}.html. A changed text is a new version.
"""

from dataclasses import dataclass

from organisations.models import Organisation


@dataclass(frozen=True)
class AgreementVersion:
    number: str
    published: str

    def template(self, *, crown: bool) -> str:
        return f"organisations/agreement/{self.number}_{'crown' if crown else 'non_crown'}.html"


VERSIONS = {version.number: version for version in [AgreementVersion("1.0", "1 November 2026")]}
CURRENT = VERSIONS["1.0"]


def choices(organisation: Organisation) -> list[bool]:
    """The texts an organisation is offered: crown (True), non-crown (False), or both while nobody has said."""
    return [True, False] if organisation.crown is None else [organisation.crown]


def text_template(organisation: Organisation, *, crown: bool | None = None) -> str | None:
    """The template of the text an organisation reads; None when it has to choose first."""
    which = organisation.crown if organisation.crown is not None else crown
    return None if which is None else CURRENT.template(crown=which)
