"""`segql check --strict`, and the hooks that run before a commit."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from .command_line import OWN, segql

ROOT = Path(__file__).parents[2]
CATALOG = OWN[:2]
UNUSED = """\
let lately = 30d
let often = 2
segment Part = placed order in lately
segment Whole (n = 3, days = 7d) = in segment Part and placed order at least n times
"""


def test_what_is_unused_is_said(shop_folder: Path) -> None:
    (shop_folder / "unused.segql").write_text(UNUSED)
    assert "nothing wrong" in segql("check", *CATALOG, "--segments", "unused.segql").stdout
    said = segql("check", *CATALOG, "--segments", "unused.segql", "--strict", code=1).stdout
    assert "The parameter `days` of `Whole` is used nowhere in it." in said
    assert "`let often` is used by none of these segments." in said
    assert "lately" not in said.replace("placed order in lately", "")
    assert said.count("no-effect") == 2


def test_a_segment_that_says_what_another_says_is_named(shop_folder: Path) -> None:
    same = "placed order in 30d or placed order at least 2 times"
    text = f"segment A = {same}\nsegment B = {same}\nsegment C = in segment A\nsegment D = {same} sample 10%\n"
    (shop_folder / "same.segql").write_text(text)
    said = segql("check", *CATALOG, "--segments", "same.segql", "--strict", code=1).stdout
    assert "`B` says what `A` says, and no segment uses it." in said
    assert said.count("no-effect") == 1
    (shop_folder / "same.segql").write_text(f"{text}segment E = in segment B\n")
    assert "nothing wrong" in segql("check", *CATALOG, "--segments", "same.segql", "--strict").stdout


def test_what_is_as_it_should_be_passes(shop_folder: Path) -> None:
    channel = next(iter(yaml.safe_load((shop_folder / "catalog.yaml").read_text()).get("channels", {})), None)
    consent = f"can receive {channel} and " if channel else ""
    (shop_folder / "fine.segql").write_text(f"segment Part = placed order\nsegment Whole = {consent}in segment Part\n")
    assert "nothing wrong" in segql("check", *CATALOG, "--segments", "fine.segql", "--strict").stdout


def test_nobodys_consent_is_said_of_what_is_written_to() -> None:
    said = segql("check", "--segments", str(ROOT / "examples/shop/personas.segql"), "--strict", code=1).stdout
    assert "no-consent" in said
    segql("check", "--segments", str(ROOT / "examples/shop/personas.segql"))


def test_names_that_hide_others_are_said(tmp_path: Path) -> None:
    file = tmp_path / "hiding.segql"
    file.write_text("let total spent = 5\nlet n = 2\nsegment VIP = vip\n"
                    "segment Ordered = placed order at least n times\n"
                    "segment Big = number of orders > total spent\n")  # fmt: skip
    said = segql("check", "--segments", str(file), "--strict", code=1).stdout
    assert "`let total spent` hides the metric of the same name." in said
    assert "The segment `VIP` is called as a property is" in said
    assert "or say `in segment VIP`" in said
    assert said.count("hides-name") == 3  # `Ordered` is another name of an event
    assert "No segment uses `Big`, and it asks for nobody's consent." in said


@pytest.mark.parametrize("words", [["--fix"], ["--segment", "One"], ["vip"]])
def test_strict_looks_at_files(words: list[str], shop_folder: Path) -> None:
    assert "--strict looks at whole files" in segql("check", *CATALOG, "--strict", *words, code=2).stderr


def test_hooks_run_before_a_commit(shop_folder: Path) -> None:
    (shop_folder / "segments").mkdir()
    file = shop_folder / "segments" / "some.segql"
    file.write_text('segment   One = placed order   twice\n\ntest  "One" inside One\n')
    (shop_folder / "segql.toml").write_text('catalog = "catalog.yaml"\nwarehouse = "shop.duckdb"\n')
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        assert not hook["pass_filenames"]
        segql(*hook["entry"].split()[1:], *hook["args"])
    assert file.read_text() == 'segment One = placed order exactly twice\n\ntest "One" inside One\n'
