"""Documents and outputs at addresses, through a file system in memory: names, limits, secrets."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from auditor import addresses
from auditor.addresses import Address, AddressError, place_of, without_secrets
from auditor.corpus.packs import AddressPacks
from auditor.corpus.plain import DamagedError
from auditor.errors import DocumentError, UsageError
from auditor.gather import Input, corrections_of, inputs
from auditor.outputs import outputs_of, safe_outputs, write_file
from auditor.pipeline import Settings, bind_one
from auditor.roster import roster_in
from tests.bodies import report
from tests.conftest import Run

fsspec = pytest.importorskip("fsspec", reason="addresses need the extra 'cluster'")
SUFFIXES = frozenset((".json", ".txt"))


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def _found(text: str) -> tuple[Input, ...]:
    return inputs([place_of(text)], SUFFIXES)


def test_a_folder_at_an_address_is_a_folder(memory: Any) -> None:
    for name in ("b/2.json", "a.json", "b/1.txt", ".hidden/x.json", "roster.yaml", "a.png"):
        memory.pipe_file(f"/reports/{name}", b"{}")
    memory.pipe_file("/reportsx/other.json", b"{}")
    names = ["memory://reports/a.json", "memory://reports/b/1.txt", "memory://reports/b/2.json"]
    assert [item.name for item in _found("memory://reports/")] == names
    assert [item.name for item in _found("memory://reports/a.json")] == names[:1]
    found = roster_in(place_of("memory://reports"))
    assert isinstance(found, Address)
    assert found.read_bytes() == b"{}"


def test_a_missing_file_is_unread(memory: Any, settings: Settings) -> None:
    [item] = _found("memory://reports/none.json")
    refusal = bind_one(item, settings)
    assert (refusal.kind, refusal.unread) == ("missing", True)  # type: ignore[union-attr]
    assert "memory://reports/none.json" in refusal.said.zh  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["x::file:///etc/passwd.json", "x::memory://other.json", "a#b?c.json"]
)
def test_a_name_in_a_bucket_leads_nowhere(memory: Any, name: str) -> None:
    memory.pipe_file(f"/reports/{name}", b"its own")
    memory.pipe_file("/other.json", b"another")
    [item] = _found("memory://reports")
    assert item.name == f"memory://reports/{name}"
    assert item.content() == b"its own"


def test_chained_addresses_are_refused() -> None:
    with pytest.raises(UsageError):
        place_of("memory://x::file:///etc")


def test_too_large_is_refused_before_it_is_fetched(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[tuple[Any, Any]] = []
    plain = type(memory).cat_file

    def cat_file(self: Any, path: str, start: Any = None, end: Any = None, **more: Any) -> bytes:
        fetched.append((start, end))
        return bytes(plain(self, path, start=start, end=end, **more))

    monkeypatch.setattr(type(memory), "cat_file", cat_file)
    memory.pipe_file("/reports/a.json", b"x" * 1000)
    [item] = _found("memory://reports")
    with pytest.raises(DocumentError, match="1,000"):
        item.content(999)
    assert not fetched
    assert item.content(1000) == b"x" * 1000
    # One that has grown since it was listed: no more than one byte too many is asked for.
    memory.pipe_file("/reports/a.json", b"x" * 5000)
    with pytest.raises(DocumentError, match="1,00"):
        item.content(1000)
    assert fetched == [(0, 1001), (0, 1001)]


def test_a_changed_file_has_another_mark(memory: Any) -> None:
    memory.pipe_file("/reports/a.json", b"{}")
    [before] = _found("memory://reports")
    memory.pipe_file("/reports/a.json", b"[]")
    [after] = _found("memory://reports")
    assert before.address != after.address
    assert before.name == after.name


def test_corrections_beside_it(memory: Any, settings: Settings) -> None:
    data = json.dumps(report("示例县甲局"), ensure_ascii=False).encode()
    memory.pipe_file("/reports/a.json", data)
    memory.pipe_file("/reports/a.json.corrections.yaml", b"corrections: nothing")
    for named in ("memory://reports", "memory://reports/a.json"):
        [item] = _found(named)
        beside = corrections_of(item)
        assert isinstance(beside, Address)
        refusal = bind_one(item, settings)
        assert refusal.kind == "corrections"  # type: ignore[union-attr]


def test_an_archive_is_a_folder(memory: Any) -> None:
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        archive.writestr("in/a.json", "{}")
        archive.writestr("b.txt", "text")
    memory.pipe_file("/reports/all.zip", whole.getvalue())
    memory.pipe_file("/reports/broken.zip", b"PK\3\4")
    found = {item.name: item for item in _found("memory://reports")}
    lead = "memory://reports/all.zip"
    assert list(found) == [f"{lead}/b.txt", f"{lead}/in/a.json", "memory://reports/broken.zip"]
    assert found[f"{lead}/in/a.json"].content() == b"{}"
    with pytest.raises(DocumentError):
        found["memory://reports/broken.zip"].content()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://bucket/a b", "s3://bucket/a b"),
        ("s3://KEY:SECRET@bucket/a", "s3://bucket/a"),
        ("hdfs://user@host:9000/a", "hdfs://host:9000/a"),
        ("https://host/a.json?X-Signature=SECRET", "https://host/a.json"),
        ("cannot open ftp://u:p@host/a: no", "cannot open ftp://host/a: no"),
        ("s3://bucket/who@where/a", "s3://bucket/who@where/a"),
    ],
)
def test_no_secret_is_shown(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_what_a_driver_raises_is_told_without_secrets(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def info(*_: object, **__: object) -> None:
        raise RuntimeError("no route to ftp://u:SECRET@host/a")

    monkeypatch.setattr(type(memory), "info", info)
    with pytest.raises(AddressError) as caught:
        Address("memory://a", "/a", "memory://a").read_bytes()
    assert "SECRET" not in str(caught.value.said)
    assert "ftp://host/a" in str(caught.value.said)


def test_packs_at_an_address(memory: Any) -> None:
    packs = AddressPacks(Address("memory://packs", "/packs", "memory://packs"))
    packs.write("one", [b"first", b"second"])
    assert packs.read("one", 1) == b"second"
    assert packs.read_all("one") == [b"first", b"second"]
    with pytest.raises(DamagedError):
        packs.read("one", 2)
    with pytest.raises(DamagedError):
        packs.read("none", 0)
    memory.pipe_file("/packs/one", memory.cat_file("/packs/one")[:-1])
    packs.close()
    with pytest.raises(DamagedError):
        packs.read("one", 1)


def test_outputs_at_addresses(memory: Any) -> None:
    memory.pipe_file("/reports/a.json", b"{}")
    items = _found("memory://reports")
    [(_, there)] = outputs_of(["json=memory://out/a.json"], None)
    assert there is not None
    safe_outputs([there], items, [])
    write_file(there, b"out")
    assert memory.cat_file("/out/a.json") == b"out"
    for wrong in (["json=memory://reports/a.json"], ["json=memory://o", "csv=memory://o"]):
        with pytest.raises(UsageError):
            safe_outputs((file for _, file in outputs_of(wrong, None)), items, [])


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses._opened.cache_clear()
    with pytest.raises(UsageError, match="gcsfs"):
        place_of("gs://bucket/a")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"auditor\[cluster\]"):
        place_of("s3://bucket/a")
    addresses._opened.cache_clear()


def test_the_command_audits_what_lies_at_an_address(auditor: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    data = report("示例县甲局", applications__new__total=3)
    (folder / "a.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    place = folder.as_uri()
    done = auditor(
        "audit", place, "-o", f"file://{tmp_path}/out.json", "-f", "json", "--as-of", "2024-02-01"
    )
    assert done.returncode == 1, done.stderr
    [audit] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["audits"]
    assert audit["report"]["source"] == f"{place}/a.json"
    assert auditor("audit", place, "--watch").returncode == 2
