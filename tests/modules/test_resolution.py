"""How specifiers find modules."""

import pytest

from refimpl.modules.resolution import resolve

FILES = {
    "app/page.jsx",
    "app/actions.ts",
    "app/index.js",
    "lib/db.ts",
    "lib/util/index.tsx",
    "node_modules/next/cache.js",
    "node_modules/left-pad/index.js",
    "data.json",
}


@pytest.mark.parametrize(
    ("specifier", "path"),
    [
        ("./actions", "app/actions.ts"),
        ("./actions.ts", "app/actions.ts"),
        ("./actions.js", "app/actions.ts"),
        ("../lib/db", "lib/db.ts"),
        ("@/lib/db", "lib/db.ts"),
        ("/lib/db", "lib/db.ts"),
        ("@/lib/util", "lib/util/index.tsx"),
        (".", "app/index.js"),
        ("next/cache", "node_modules/next/cache.js"),
        ("left-pad", "node_modules/left-pad/index.js"),
        ("../data.json", "data.json"),
    ],
)
def test_a_specifier_finds_its_module(specifier, path):
    assert path == resolve(specifier, "app/page.jsx", FILES)


@pytest.mark.parametrize("specifier", ["./nothing", "../../etc/passwd", "next", "@/app", "", "~/x"])
def test_a_specifier_without_a_module_finds_nothing(specifier):
    files = FILES - {"app/index.js"}

    assert resolve(specifier, "app/page.jsx", files) is None


def test_a_file_that_has_the_very_name_wins_over_added_extensions():
    assert resolve("./a.js", "x.js", {"a.js", "a.js.js", "a.ts"}) == "a.js"
