"""What a running process takes, and one fast scraper."""

import http.client
import os
import pathlib
import re

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def rss_bytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def threads(process):
    return len(os.listdir(f"/proc/{process.pid}/task"))


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Scraper:
    """GETs over one connection; what it reads is whole, or http.client raises."""

    def __init__(self, port, path="/metrics", timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.path = path

    def body(self):
        self.connection.request("GET", self.path)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (answer.status, text[:200])
        return text

    def close(self):
        self.connection.close()


def sample(text, name):
    """The value of the sample that is written exactly `name`, labels included; 0 when absent."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text.decode(), re.M)
    return float(found[1]) if found else 0.0
