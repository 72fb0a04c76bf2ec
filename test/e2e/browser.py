"""Headless Chromium, driven over its DevTools protocol."""

import base64
import io
import itertools
import json
import subprocess
import urllib.request

import PIL.Image
import websocket

from cluster import wait_for


class Navigated(Exception):
    """The page went away while it was asked."""


class Browser:
    """One Chromium with one page; stop() ends exactly it. `problems` collects what the page's
    console, its content security policy and its requests complained about."""

    def __init__(self, folder):
        self.numbers = itertools.count(1)
        self.problems, self.requests = [], []
        profile = folder / "chromium"
        profile.mkdir()
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-background-networking", "--no-first-run", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=open(folder / "chromium.log", "wb"))
        port_file = profile / "DevToolsActivePort"
        wait_for("Chromium", lambda: port_file.exists() and "\n" in port_file.read_text(), 60)
        port = port_file.read_text().splitlines()[0]
        pages = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{port}/json").read())
        address = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(address, timeout=60)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "navigated or closed" in message.get("error", {}).get("message", ""):
                    raise Navigated(method)
                assert "error" not in message, message["error"]
                return message["result"]
            self._note(message)

    def _note(self, message):
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.problems.append(parameters["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.problems.append(parameters["exceptionDetails"]["text"])

    def open(self, url, scheme="light", width=1280, height=900):
        """Shows `url` for a user who prefers `scheme`; returns when it is loaded."""
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=url)
        wait_for(f"{url} loaded", lambda: self.value("document.readyState") == "complete")

    def value(self, script):
        """Of the page that is there in the end, not of one that is just being left."""
        try:
            got = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                            awaitPromise=True)
        except Navigated:
            return self.value(script)
        assert "exceptionDetails" not in got, got["exceptionDetails"]
        return got["result"].get("value")

    def screenshot(self):
        """The visible page as an image in grey tones."""
        png = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        return PIL.Image.open(io.BytesIO(png)).convert("L")

    def stop(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
