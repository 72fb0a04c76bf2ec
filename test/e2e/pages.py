"""The pages in a real browser: what a person sees, light and dark, and how it feels.

pages.py BINARY [WORD...]: runs the tests whose name holds a word; ends with the line
"pages: N passed, N failed". Screenshots are kept in LOOKOUT_SCREENSHOTS, when that is set.
"""

import os
import pathlib
import sys

import runner
from browser import Browser
from cluster import wait_for
from lookout import Lookout

CHARTS = 1000
HOSTILE = "<img src=x onerror=document.title=1>"
LONGEST_TASK_MS = 200  # of the page's thread; the best of a few tries, on machines that do other work
TRIES = 5


def entry(i, minor):
    app_version = HOSTILE if i == 8 else f"{i}.{minor}"
    lines = [f"  - name: chart-{i:04}", f"    version: 1.{minor}.0", "    apiVersion: v2",
             f"    appVersion: '{app_version}'", f"    description: Serves number {i}.",
             f"    created: '2026-01-0{minor}T10:00:00Z'",
             f"    urls: [chart-{i:04}-1.{minor}.0.tgz]"]
    return lines + ["    deprecated: true"] if i == 7 and minor == 2 else lines


def write_index(path):
    lines = ["apiVersion: v1", "entries:"]
    for i in range(CHARTS):
        lines += [f"  chart-{i:04}:", *entry(i, 2), *entry(i, 1)]
    path.write_text("\n".join(lines) + "\n")


class Desk:
    """What the tests share: a controller that reads two repositories, and a browser."""

    def __init__(self, binary, folder):
        self.folder = folder
        write_index(folder / "index.yaml")
        settings = folder / "settings.yaml"
        settings.write_text(
            "repositories:\n"
            f"- {{name: team, type: http, url: 'file://{folder}/index.yaml'}}\n"
            "- {name: gone, type: http, url: 'http://127.0.0.1:1/charts'}\n")
        self.lookout = Lookout(binary, folder, "", "--releases=off", "--config", str(settings))
        self.browser = None

    def start(self):
        wait_for("both repositories tried", lambda: all(
            f'helm_repository_sync_total{{repository="{name}"' in self.metrics()
            and self.tried(name) for name in ("team", "gone")))
        self.browser = Browser(self.folder)

    def metrics(self):
        try:
            return self.lookout.metrics()
        except OSError:
            return ""

    def tried(self, name):
        return any(family == "helm_repository_last_attempt_timestamp_seconds"
                   and dict(labels)["repository"] == name for family, labels in self.lookout.samples())

    def url(self, path):
        return f"http://localhost:{self.lookout.metrics_port}{path}"

    def keep(self, name, image):
        if os.environ.get("LOOKOUT_SCREENSHOTS"):
            image.save(pathlib.Path(os.environ["LOOKOUT_SCREENSHOTS"]) / f"{name}.png")
        return image

    def stop(self):
        if self.browser:
            self.browser.stop()
        self.lookout.stop()


def mean(image):
    histogram = image.histogram()
    return sum(tone * count for tone, count in enumerate(histogram)) / sum(histogram)


def test_charts_in_light_and_dark(desk):
    tones = {}
    for scheme in ("light", "dark"):
        desk.browser.open(desk.url("/charts"), scheme)
        image = desk.keep(f"charts-{scheme}", desk.browser.screenshot())
        tones[scheme] = mean(image)
        low, high = image.getextrema()
        assert high - low > 150, f"{scheme}: text does not stand out ({low} to {high})"
    assert tones["light"] > 200 and tones["dark"] < 60, tones


def test_every_chart_is_there_and_failures_are_told(desk):
    desk.browser.open(desk.url("/charts"))
    assert desk.browser.value("document.querySelectorAll('#charts tbody tr').length") == CHARTS
    text = desk.browser.value("document.querySelector('#repositories').innerText")
    assert "connect" in text and "team" in text, text


def test_filter_and_sort_without_jank(desk):
    tasks = []
    while len(tasks) < TRIES and min(tasks, default=LONGEST_TASK_MS) >= LONGEST_TASK_MS:
        tasks.append(longest_task(desk))
    assert min(tasks) < LONGEST_TASK_MS, f"{tasks} ms without a frame"


def longest_task(desk):
    """Milliseconds that the page was busy at most, while a person filters and sorts."""
    desk.browser.open(desk.url("/charts"))
    desk.browser.value("""window.longest = 0; new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
      }).observe({type: 'longtask'}); 1""")
    settle = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
    for text, expected in (("chart-099", 10), ("chart-0998", 1), ("no such chart", 0), ("", CHARTS)):
        desk.browser.value(f"var box = document.getElementById('filter'); box.value = {text!r};"
                           "box.dispatchEvent(new Event('input')); 1")
        desk.browser.value(settle)
        shown = desk.browser.value("document.querySelectorAll('#charts tbody tr:not([hidden])').length")
        assert shown == expected, (text, shown)
        assert desk.browser.value("document.getElementById('shown').textContent") == str(expected)
    for _ in range(2):  # ascending, then descending
        desk.browser.value("document.querySelector('#charts th button').click()")
        desk.browser.value(settle)
    first = desk.browser.value("document.querySelector('#charts tbody tr td').textContent")
    assert first.startswith("chart-0999"), first
    return desk.browser.value("window.longest")


def test_a_chart_has_a_page_of_its_own(desk):
    desk.browser.open(desk.url("/charts"))
    desk.browser.value("document.querySelectorAll('#charts tbody a')[7].click()")
    wait_for("the chart's page", lambda: desk.browser.value("document.title").startswith("chart-0007"))
    rows = desk.browser.value("Array.from(document.querySelectorAll('tbody tr'))"
                              ".map((row) => row.cells[0].innerText)")
    assert rows == ["1.2.0 deprecated", "1.1.0"], rows


def test_narrow_screens_do_not_scroll_sideways(desk):
    desk.browser.open(desk.url("/charts"), width=390, height=800)
    desk.keep("charts-narrow", desk.browser.screenshot())
    assert desk.browser.value("document.documentElement.scrollWidth") <= 390


def test_hostile_text_stays_text(desk):
    desk.browser.open(desk.url("/charts"))
    assert desk.browser.value("document.querySelectorAll('img').length") == 0
    assert desk.browser.value("document.body.innerText.includes('<img')")


def test_nothing_is_asked_of_others(desk):
    origin = desk.url("/")
    strangers = {url for url in desk.browser.requests
                 if not url.startswith(origin) and url != "about:blank"}
    assert not strangers, strangers
    problems = [text for text in desk.browser.problems if "favicon" not in text and "404" not in text]
    assert not problems, problems


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    chosen = runner.choose(runner.tests_of(sys.modules[__name__]), sys.argv[2:])
    return runner.run_in_folder("pages", chosen, lambda folder: Desk(binary, folder))


if __name__ == "__main__":
    sys.exit(main())
