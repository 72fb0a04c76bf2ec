"""image_tests.py FOLDER: looks into the image of which FOLDER holds two builds (first, second: OCI
layouts) and the list of components that was written beside it; ends with the line
"image: N passed, N failed"."""

import pathlib
import sys

import cases_contents
import cases_running
import cases_sbom

sys.path.append(str(pathlib.Path(__file__).parents[1] / "e2e"))
import runner  # noqa: E402  (of the end-to-end tests)
from oci import Image  # noqa: E402


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.image = Image(self.folder / "first")
        self.again = Image(self.folder / "second")
        self.root = self.folder / "root"
        self.image.unpack(self.root)


def main(folder):
    tests = runner.tests_of(cases_contents, cases_sbom, cases_running)
    return 0 if runner.run("image", tests, Bench(folder)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
