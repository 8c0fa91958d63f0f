"""Where and of what something was measured, and where results go."""
import datetime
import os
import pathlib
import platform
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
RESULTS = SOURCE / "bench/results"


def git(*words):
    result = subprocess.run(["git", "-C", SOURCE, *words], capture_output=True, text=True,
                            check=False)
    return result.stdout.strip()


def describe():
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    changed = "+" if git("status", "--porcelain", "--untracked-files=no") else ""
    return {
        "processor": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "date": datetime.date.today().isoformat(),
        "commit": (git("rev-parse", "--short=10", "HEAD") or "unknown") + changed,
    }


def sentence(machine):
    return (f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']};"
            f" {machine['date']}, commit {machine['commit']}")


def cores():
    """(of the servers, of the generator): the last two, or one for both."""
    last = (os.cpu_count() or 1) - 1
    return last, max(0, last - 1)


def result_path(folder, what, machine, suffix):
    folder.mkdir(parents=True, exist_ok=True)
    commit = machine["commit"].replace("+", "-changed")
    return folder / f"{what}-{machine['date']}-{commit}{suffix}"
