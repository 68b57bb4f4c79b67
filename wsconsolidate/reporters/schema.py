"""The JSON Schema of the document: `python -m wsconsolidate.reporters.schema` prints it."""

import json
import sys

from wsconsolidate.reporters.document import DOCUMENT, FORMAT


def schema() -> str:
    """The schema as text, made of the same table as the document."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"wsconsolidate report, format {FORMAT}",
    }
    return json.dumps({**head, **DOCUMENT.schema}, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
