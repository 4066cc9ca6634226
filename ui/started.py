"""When this process was started, from the command on."""

import time
from pathlib import Path

import psutil


def process_started_at() -> float:
    """When this process was started by the system, seconds since 1970 (to 10 ms)."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return psutil.Process().create_time()
    ticks = int(stat.read_text("ascii").rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    return time.time() - uptime + ticks / 100.0
