"""Pages saved whole: their pictures and frames are found as a browser finds them, or stay open."""

from __future__ import annotations

from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Picture, Table, Text
from auditor.readers import mht, read
from auditor.readers.limits import Options
from tests.test_readers import outcome

IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
PAGE = "file:///C:/x/report.htm"
NEAR = "file:///C:/x/report.files/image001.png"


def saved(
    *pages: tuple[str, str], picture: str = "", key: str = "Content-Location", base: str = PAGE
) -> bytes:
    """A page with others (address and text) and one picture."""
    whole = MIMEMultipart("related", type="text/html")
    for address, text in pages:
        part = MIMEText(text, "html", "utf-8")
        part["Content-Location"] = address or base
        whole.attach(part)
    if picture:
        image = MIMEBase("image", "png")
        image.set_payload(IMAGE)
        from email.encoders import encode_base64

        encode_base64(image)
        image[key] = picture
        whole.attach(image)
    return whole.as_bytes()


FOUND = [
    (PAGE, "Content-Location", NEAR, "report.files/image001.png"),
    (PAGE, "Content-Location", NEAR, "REPORT.files/image001.png"),
    (PAGE, "Content-Location", NEAR, "./report.files/image001.png"),
    (PAGE, "Content-Location", NEAR, NEAR),
    (r"file:///C:\x\report.htm", "Content-Location", NEAR, r"report.files\image001.png"),
    (PAGE, "Content-Location", "file:///C:/x/%E5%9B%BE.png", "图.png"),
    ("http://a.example/b/c.html", "Content-Location", "http://a.example/img/1.png", "/img/1.png"),
    ("http://a.example/b/c.html", "Content-Location", "http://a.example/1.png", "../1.png"),
    ("", "Content-Location", "image001.png", "image001.png"),
    (PAGE, "Content-ID", "<image001.png@01D9>", "cid:image001.png@01D9"),
]
NOT_FOUND = [
    (PAGE, "Content-Location", NEAR, "other.files/image001.png"),
    (PAGE, "Content-Location", NEAR, "image001.png"),
    (PAGE, "Content-Location", NEAR, ""),
    (PAGE, "Content-Location", NEAR, "http://a.example/image001.png"),
    (PAGE, "Content-ID", "<image001.png@01D9>", "cid:image002.png@01D9"),
]


@pytest.mark.parametrize(
    ("base", "key", "name", "link", "found"),
    [(*case, True) for case in FOUND] + [(*case, False) for case in NOT_FOUND],
)
def test_pictures_are_those_that_the_page_names(
    base: str, key: str, name: str, link: str, found: bool
) -> None:
    page = f"<p>甲</p><img src='{link}' width=400 height=300><p>乙</p>"
    data = saved(("", page), picture=name, key=key, base=base)
    document = mht.read(data, "a.mht", Options())
    before, shown, after = document.blocks
    assert isinstance(before, Text)
    assert isinstance(after, Text)
    assert isinstance(shown, Picture)
    assert shown.content == (IMAGE if found else b"")
    # Whether it can be recognised or not: what may hold a table stays, and without its bytes.
    assert [b.__class__.__name__ for b in read("a.mht", data=data).blocks][1] == "Picture"
    assert not any(isinstance(b, Picture) and b.content for b in read("a.mht", data=data).blocks)


@pytest.mark.parametrize(
    "link", ["report.files/sheet001.htm", NEAR.replace("image001.png", "sheet001.htm")]
)
def test_frames_are_found_beside_the_page(link: str) -> None:
    inner = "<table><tr><td>甲<td>1<tr><td>乙<td>2</table>"
    outer = f"<html><frameset><frame src='{link}'></frameset></html>"
    address = "file:///C:/x/report.files/sheet001.htm"
    document = read("a.mht", data=saved(("", outer), (address, inner)))
    assert [type(b) for b in document.blocks] == [Table]


def test_a_frame_shows_its_own_pictures() -> None:
    inner = "<p>甲</p><img src='image001.png' width=400 height=300>"
    address = "file:///C:/x/report.files/sheet001.htm"
    outer = "<html><body><iframe src='report.files/sheet001.htm'></iframe></body></html>"
    data = saved(("", outer), (address, inner), picture=NEAR)
    document = mht.read(data, "a.mht", Options())
    assert [b.content for b in document.blocks if isinstance(b, Picture)] == [IMAGE]


BYTES = saved(("", "<p>甲12</p><img src='report.files/image001.png'>"), picture=NEAR)


@given(st.data())
def test_damaged_files_are_refused_or_read(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BYTES)))
    until = data.draw(st.integers(at, min(at + 60, len(BYTES))))
    given_ = BYTES[:at] + data.draw(st.binary(max_size=30)) + BYTES[until:]
    outcome("a.mht", given_)
