"""Servers as processes: started on one core, waited for, looked at, ended."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

PATIENCE = 120  # seconds, for a server to answer and to end


class Failed(Exception):
    """A sentence, perhaps with a log."""


def wait_until(condition, what, patience=PATIENCE, pause=0.005):
    """The first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(pause)
    raise Failed(f"waited {patience} s for {what}")


def find_program(name):
    """Debian puts servers where the PATH of ordinary users does not lead."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def free_port():
    """A port that is free for UDP and TCP, in IPv4 and IPv6."""
    for _ in range(100):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return tcp.getsockname()[1]
    raise Failed("found no port that is free for UDP and TCP")


def children(pid):
    """Of a process and of those, and so on; itself first."""
    family = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            family += children(int(child))
    return family


class Process:
    """One program on one core, with its log in a file."""

    def __init__(self, name, command, folder, core=None):
        self.name, self.core, self.log_path = name, core, folder / f"{name}.log"

        def settle():
            if core is not None:
                os.sched_setaffinity(0, {core})
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=folder, preexec_fn=settle)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_until(self, condition, what, **options):
        def look():
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended; its log:\n{self.log()[-2000:]}")
            return condition()
        try:
            return wait_until(look, f"{self.name} {what}", **options)
        except Failed as error:
            raise Failed(f"{error}; its log:\n{self.log()[-2000:]}") from None

    def pids(self):
        return children(self.process.pid)

    def pin(self):
        """Again, all threads: some servers choose cores for theirs."""
        if self.core is None:
            return
        for pid in self.pids():
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), {self.core})

    def memory(self):
        """Octets: the proportional set size of the whole family (smaps_rollup in proc(5))."""
        total = 0
        for pid in self.pids():
            try:
                rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:  # it has just ended
                continue
            for line in rollup.splitlines():
                if line.startswith("Pss:"):
                    total += 1024 * int(line.split()[1])
        return total

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
