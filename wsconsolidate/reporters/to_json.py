"""The report as the JSON document of format 1."""

import json

from wsconsolidate.model.report import Report
from wsconsolidate.reporters.document import DOCUMENT, Rendering
from wsconsolidate.reporters.options import Options


def render(report: Report, options: Options) -> str:
    """The document, two spaces deep, ending with a line feed; the same input gives the same bytes."""
    document = DOCUMENT.write(Rendering(report, options))
    return json.dumps(document, indent=2, allow_nan=False) + "\n"
