"""Modules are joined as their imports ask, and nothing else comes to the page."""

import hashlib
import re

import pytest

from wsconsolidate.reporters import html_bundle as bundle
from wsconsolidate.reporters.to_html import STYLES

FOLDER = bundle.FOLDER
DIGESTS = {
    "vendor/dagre.esm.js": "b0ddaf4af1417bec9bd89373a3a3987f081727d6cc6d95fc40dbf85a19bdf3b0",
    "vendor/dagre.LICENSE": "6a349742a6cb219d5a2fc8d0844f6d89a6efc62e20c664450d884fc7ff2d6015",
}
LONGEST_FILE = 400


def test_each_module_stands_once_and_before_those_that_need_it(monkeypatch: pytest.MonkeyPatch):
    modules = {
        "main.js": 'import { a, b as c } from "./one.js";\nimport { two } from "./vendor/two.js";\na(c);\n',
        "one.js": 'import { two } from "./vendor/two.js";\nexport function a() {}\nexport const b = two;\n',
        "vendor/two.js": "const x = 2;export{x as two};\n//# sourceMappingURL=two.js.map\n",
        "vendor/two.LICENSE": "MIT\n",
    }
    monkeypatch.setattr(bundle, "text", modules.__getitem__)
    assert bundle.script("main.js") == (
        '"use strict";\n'
        "/*!\nMIT\n*/\n"
        "// vendor/two.js\nconst module0 = (() => {\nconst x = 2;\nreturn { two: x };\n})();\n"
        "// one.js\nconst module1 = (() => {\nconst { two } = module0;\nfunction a() {}\nconst b = two;\n"
        "return { a, b };\n})();\n"
        "// main.js\nconst module2 = (() => {\n"
        "const { a, b: c } = module1;\nconst { two } = module0;\na(c);\n"
        "return {  };\n})();"
    )


def test_every_file_of_the_page_is_in_it():
    scripts = {f"scripts/{file.name}" for file in FOLDER.joinpath("scripts").iterdir()}
    joined = bundle.script("scripts/main.js")
    assert {name for name in scripts if f"// {name}\n" in joined} == scripts - {"scripts/early.js"}
    assert {f"{name}.css" for name in STYLES} == {file.name for file in FOLDER.joinpath("styles").iterdir()}
    assert not re.search(r"^(import|export)\b", joined, re.MULTILINE)


def test_nothing_in_it_ends_the_script_or_asks_for_anything():
    joined = bundle.script("scripts/main.js") + bundle.styles([f"styles/{name}.css" for name in STYLES])
    assert "</" not in joined.replace("</g", "")
    for word in ("fetch(", "XMLHttpRequest", "innerHTML", "eval(", "@import", "url(http", "sourceMappingURL"):
        assert word not in joined


def test_what_others_wrote_is_unchanged_and_bears_its_licence():
    found = {name: hashlib.sha256(FOLDER.joinpath(name).read_bytes()).hexdigest() for name in DIGESTS}
    assert found == DIGESTS
    assert "Copyright (c) 2012-2014 Chris Pettitt" in bundle.script("scripts/main.js")
    assert "vendor/dagre.esm.js" in bundle.text("THIRD_PARTY.md")


def test_files_are_small():
    ours = [file for kind in ("scripts", "styles") for file in FOLDER.joinpath(kind).iterdir()]
    assert [file.name for file in ours if len(file.read_text("utf-8").splitlines()) > LONGEST_FILE] == []
