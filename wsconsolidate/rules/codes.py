"""The codes of all rules, without loading one of them."""

from importlib.resources import files

KNOWN_CODES = tuple(
    sorted(
        place.name[: len("wsc000")].upper()
        for place in files("wsconsolidate.rules").iterdir()
        if place.name.startswith("wsc") and place.name.endswith(".py")
    )
)
