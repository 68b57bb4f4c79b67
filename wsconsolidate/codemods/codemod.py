"""What a codemod is: the function that answers a finding, and its examples."""

from collections.abc import Callable
from dataclasses import dataclass

from wsconsolidate.codemods.patch import Patch
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A program before and after: `# file: app/chat.py` starts a file, one without lines is deleted."""

    before: str
    after: str
    unsafe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A program that must stay as it is, and words of the reason given; none where no rule speaks."""

    program: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codemod:
    """A codemod with the rules that it fixes, and its examples.

    `propose` gives the patch that settles a finding, or why there is none; `offer` one that does more than
    is needed, and that a reader may want in place of it. No program of `untouched` is changed, not even by
    an unsafe edit.
    """

    name: str
    codes: tuple[str, ...]
    propose: Callable[[Finding, Workshop], Patch | Refusal]
    offer: Callable[[Finding, Workshop], Patch | Refusal] | None = None
    rewrites: tuple[Example, ...]
    untouched: tuple[Trap, ...]
