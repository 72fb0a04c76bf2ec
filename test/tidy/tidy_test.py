"""tidy.py finds what it is there to find."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tidy


class TidyTest(unittest.TestCase):
    def findings(self, check, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for folder_name in ("include", "src", "controllers", "test"):
                (root / folder_name).mkdir()
            (root / "controllers/CMakeLists.txt").write_text("")
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return list(tidy.CHECKS[check](root))

    def test_an_upward_include_is_found(self):
        found = self.findings("modules", {"src/base/a.cpp": '#include "lookout/kube/status.hpp"\n'})
        self.assertEqual(len(found), 1)
        self.assertIn("base may not use kube", found[0])

    def test_an_upward_link_is_found(self):
        found = self.findings("modules", {
            "src/helm/CMakeLists.txt": "lookout_module(helm\n  SOURCES a.cpp\n  USES base kube)\n"})
        self.assertEqual(len(found), 1)

    def test_a_private_header_of_another_module_is_found(self):
        found = self.findings("modules", {"src/kube/a.cpp": '#include "src/http/x.hpp"\n'})
        self.assertEqual(len(found), 1)

    def test_a_header_outside_its_door_is_found(self):
        files = {"src/http/a.cpp": "#include <zlib.h>\n", "src/encoding/gzip.cpp": "#include <zlib.h>\n"}
        found = self.findings("doors", files)
        self.assertEqual(len(found), 1)
        self.assertIn("src/http/a.cpp", found[0])

    def test_a_long_function_is_found(self):
        body = "void f() {\n" + "  g();\n" * 80 + "}\n"
        self.assertEqual(len(self.findings("sizes", {"src/base/a.cpp": body})), 1)

    def test_a_long_file_is_found(self):
        found = self.findings("sizes", {"src/base/a.cpp": "int x;\n" * 401})
        self.assertTrue(any("401 non-blank" in line for line in found))

    def test_banned_names_and_marks_are_found(self):
        text = "class ThingManager {};\nint get_value();\nint x;  // TODO more\nauto y = p.get_id();\n"
        self.assertEqual(len(self.findings("names", {"src/kube/a.cpp": text})), 3)

    def test_an_undocumented_setting_is_found(self):
        found = self.findings("documents", {
            "src/cli/settings_table.cpp": '      {"log-level", "info", "x"},\n',
            "README.md": "| `--old-flag` | |\n"})
        self.assertEqual(len(found), 2)


if __name__ == "__main__":
    unittest.main()
