"""The words in which the banner asks. A receipt keeps them, as they were when the visitor answered."""

from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent_gate.conf import configuration

if TYPE_CHECKING:
    from consent_gate.declarations.purposes import Text


def _heading() -> str:
    name = configuration().site_name
    return gettext("Cookies on %(site)s") % {"site": name} if name else gettext("Cookies")


BANNER: "dict[str, Text]" = {
    "heading": lazy(_heading, str)(),
    "explanation": _(
        "We would like to keep a few things about your visits. Nothing of this is stored unless you agree:"
    ),
    "explanation again": _("We ask you again, about this alone:"),
    "control": _("You can change your mind at any time, on the page about cookies."),
    "accept": _("Accept all"),
    "refuse": _("Refuse all"),
    "accept again": _("Accept: %(purposes)s"),
    "refuse again": _("Refuse: %(purposes)s"),
    "choose": _("Choose"),
}
