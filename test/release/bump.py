"""scripts/bump-version on a copy of the files it changes. bump.py [WORD...]"""

import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import runner  # noqa: E402

FILES = ["CMakeLists.txt", "charts/helm-lookout/Chart.yaml", "charts/helm-lookout/README.md",
         "config/deployment/deployment.yaml", "CHANGELOG.md"]
MARCH = "1772409600"  # 2026-03-02


class Copy:
    def __init__(self, folder):
        self.folder = folder

    def start(self):
        self.now = (ROOT / "CMakeLists.txt").read_text().split("helm-lookout VERSION ")[1].split(
        )[0].rstrip(")")
        major, minor, _ = self.now.split(".")
        self.next = f"{major}.{int(minor) + 1}.0"

    def stop(self):
        pass

    def fresh(self, unreleased="- Something.\n"):
        root = self.folder / "tree"
        shutil.rmtree(root, ignore_errors=True)
        for name in FILES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
        (root / "CHANGELOG.md").write_text(
            f"# Changelog\n\n## [Unreleased]\n\n{unreleased}\n## [{self.now}] - 2026-01-01\n\n- Old.\n")
        return root

    def bump(self, root, version):
        done = subprocess.run([str(ROOT / "scripts/bump-version"), version], text=True,
                              capture_output=True, env={**os.environ, "LOOKOUT_ROOT": str(root),
                                                        "SOURCE_DATE_EPOCH": MARCH})
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def texts(self, root):
        return {name: (root / name).read_text() for name in FILES}


def test_every_file_gets_the_version(copy):
    root = copy.fresh()
    before = copy.texts(root)
    done = copy.bump(root, copy.next)
    assert done.returncode == 0, done.stderr
    after = copy.texts(root)
    for name in FILES:
        assert before[name] != after[name], f"{name} did not change"
        if name != "CHANGELOG.md":
            assert before[name].count(copy.now) - after[name].count(copy.now) \
                == after[name].count(copy.next) - before[name].count(copy.next) > 0, name
            # Nothing but the version changed.
            assert after[name].replace(copy.next, copy.now) \
                == before[name].replace(copy.next, copy.now), name
    assert f"## [Unreleased]\n\n## [{copy.next}] - 2026-03-02\n\n- Something.\n" \
        in after["CHANGELOG.md"]
    assert f"## [{copy.now}] - 2026-01-01\n\n- Old.\n" in after["CHANGELOG.md"]


def test_no_older_version_is_left_where_it_counts(copy):
    root = copy.fresh()
    copy.bump(root, copy.next)
    for name in ("config/deployment/deployment.yaml", "charts/helm-lookout/Chart.yaml"):
        assert f"helm-lookout:{copy.now}" not in (root / name).read_text(), name


def refuses(copy, root, version, words):
    before = copy.texts(root)
    done = copy.bump(root, version)
    assert done.returncode == 1 and words in done.stderr, (done.returncode, done.stderr)
    assert copy.texts(root) == before, "something changed all the same"


def test_a_version_grows(copy):
    refuses(copy, copy.fresh(), copy.now, "is not after")
    refuses(copy, copy.fresh(), "0.0.9", "is not after")


def test_a_version_is_semantic(copy):
    for version in ("1", "1.2", "v1.2.3", "01.2.3", "1.2.3-rc.1", "1.2.3 "):
        refuses(copy, copy.fresh(), version, "is not X.Y.Z")


def test_there_must_be_news(copy):
    refuses(copy, copy.fresh(unreleased=""), copy.next, "nothing unreleased")


def test_a_file_that_lags_behind_stops_it(copy):
    root = copy.fresh()
    path = root / "config/deployment/deployment.yaml"
    path.write_text(path.read_text().replace(copy.now, "0.0.1"))
    refuses(copy, root, copy.next, "config/deployment/deployment.yaml does not name")


def main():
    chosen = runner.choose([test for name, test in globals().items() if name.startswith("test_")],
                           sys.argv[1:])
    return runner.run_in_folder("bump-version", chosen, Copy)


if __name__ == "__main__":
    sys.exit(main())
