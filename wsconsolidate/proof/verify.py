"""Does the command that the user named still end well?"""

import subprocess

from wsconsolidate.model.check import Check
from wsconsolidate.proof.job import Finish, Job

_STDERR = 2


def begin(job: Job) -> Finish:
    """Nothing is asked before writing: what failed before fails after."""
    return lambda: _ask(job)


def _ask(job: Job) -> Check:
    """Run the command in the root; what it says goes to stderr."""
    command = job.command or ""
    code = subprocess.run(  # noqa: S602 - the user's own words, for his own shell
        command, shell=True, cwd=job.root, stdout=_STDERR, check=False
    ).returncode
    against = (f"`{command}` ended with {code}",) if code else ()
    return Check(held=not code, tried=f"`{command}`", against=against)
