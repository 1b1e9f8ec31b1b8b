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
PACKAGE = "node_modules/pkg/package.json"


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
    assert path == resolve(specifier, "app/page.jsx", dict.fromkeys(FILES, ""))


@pytest.mark.parametrize("specifier", ["./nothing", "../../etc/passwd", "next", "@/app", "", "~/x"])
def test_a_specifier_without_a_module_finds_nothing(specifier):
    files = dict.fromkeys(FILES - {"app/index.js"}, "")

    assert resolve(specifier, "app/page.jsx", files) is None


def test_a_file_that_has_the_very_name_wins_over_added_extensions():
    assert resolve("./a.js", "x.js", dict.fromkeys(["a.js", "a.js.js", "a.ts"], "")) == "a.js"


@pytest.mark.parametrize(
    ("manifest", "specifier"),
    [
        ('{"main": "lib/a.js"}', "pkg"),
        ('{"main": "lib/none.js", "module": "./lib/a.js"}', "pkg"),
        ('{"main": "lib/a"}', "pkg"),
        ('{"exports": "./lib/a.js"}', "pkg"),
        ('{"exports": {"require": "./no.js", "import": "./lib/a.js"}}', "pkg"),
        ('{"exports": {".": {"import": {"default": "./lib/a.js"}}}}', "pkg"),
        ('{"exports": {"./sub": "./lib/a.js"}}', "pkg/sub"),
    ],
)
def test_a_package_says_which_file_it_means(manifest, specifier):
    files = {PACKAGE: manifest, "node_modules/pkg/lib/a.js": ""}

    assert resolve(specifier, "x.js", files) == "node_modules/pkg/lib/a.js"


@pytest.mark.parametrize("manifest", ["", "[]", "{", '{"main": 1}', '{"main": "../../x"}', "null"])
def test_a_package_that_says_nothing_sensible_is_not_found(manifest):
    assert resolve("pkg", "x.js", {PACKAGE: manifest, "lib/a.js": ""}) is None
