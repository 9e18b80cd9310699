"""pdfium's functions with plain integers for handles.

pypdfium2's own prototypes make a pointer object of every handle, which cannot be compared and
costs as much as the call itself. A page of a report takes some ten thousand calls.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_double, c_float, c_int, c_uint, c_ulong, c_void_p
from functools import lru_cache
from typing import Any

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
"""Kinds of page objects."""

MOVE, LINE, CURVE = 2, 0, 1
"""Kinds of path segments."""


class Matrix(ctypes.Structure):
    """FS_MATRIX."""

    _fields_ = [(name, c_float) for name in "abcdef"]


_HANDLE = (c_void_p,)
_TO = c_void_p  # where a result is written: `byref` of it
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "FPDFPage_CountObjects": (c_int, _HANDLE),
    "FPDFPage_GetObject": (c_void_p, (c_void_p, c_int)),
    "FPDFPage_GetAnnotCount": (c_int, _HANDLE),
    "FPDFPage_GetAnnot": (c_void_p, (c_void_p, c_int)),
    "FPDFPage_CloseAnnot": (None, _HANDLE),
    "FPDFPage_Flatten": (c_int, (c_void_p, c_int)),
    "FPDFAnnot_GetSubtype": (c_int, _HANDLE),
    "FPDFTextObj_GetTextRenderMode": (c_int, _HANDLE),
    "FPDFTextObj_GetFont": (c_void_p, _HANDLE),
    "FPDFFont_GetIsEmbedded": (c_int, _HANDLE),
    "FPDFPageObj_GetType": (c_int, _HANDLE),
    "FPDFPageObj_TransformF": (c_int, (c_void_p, _TO)),
    "FPDFPageObj_GetMatrix": (c_int, (c_void_p, _TO)),
    "FPDFPageObj_GetBounds": (c_int, (c_void_p, _TO, _TO, _TO, _TO)),
    "FPDFPageObj_GetFillColor": (c_int, (c_void_p, _TO, _TO, _TO, _TO)),
    "FPDFPageObj_GetStrokeColor": (c_int, (c_void_p, _TO, _TO, _TO, _TO)),
    "FPDFPageObj_GetStrokeWidth": (c_int, (c_void_p, _TO)),
    "FPDFPageObj_HasTransparency": (c_int, _HANDLE),
    "FPDFPageObj_GetClipPath": (c_void_p, _HANDLE),
    "FPDFClipPath_CountPaths": (c_int, _HANDLE),
    "FPDFClipPath_CountPathSegments": (c_int, (c_void_p, c_int)),
    "FPDFClipPath_GetPathSegment": (c_void_p, (c_void_p, c_int, c_int)),
    "FPDFFormObj_CountObjects": (c_int, _HANDLE),
    "FPDFFormObj_GetObject": (c_void_p, (c_void_p, c_ulong)),
    "FPDFPath_GetDrawMode": (c_int, (c_void_p, _TO, _TO)),
    "FPDFPath_CountSegments": (c_int, _HANDLE),
    "FPDFPath_GetPathSegment": (c_void_p, (c_void_p, c_int)),
    "FPDFPathSegment_GetType": (c_int, _HANDLE),
    "FPDFPathSegment_GetPoint": (c_int, (c_void_p, _TO, _TO)),
    "FPDFPathSegment_GetClose": (c_int, _HANDLE),
}

# Called for every glyph, so without checks of arguments, which cost more than the call: the page
# is passed as a c_void_p, the index as an int, the places of results by `byref`.
_TEXT_FUNCTIONS: dict[str, Any] = {
    "FPDFText_CountChars": c_int,
    "FPDFText_GetUnicode": c_uint,
    "FPDFText_IsGenerated": c_int,
    "FPDFText_HasUnicodeMapError": c_int,
    "FPDFText_GetCharBox": c_int,
    "FPDFText_GetCharOrigin": c_int,
    "FPDFText_GetMatrix": c_int,
    "FPDFText_GetFontSize": c_double,
    "FPDFText_GetFontInfo": c_ulong,
    "FPDFText_GetFillColor": c_int,
    "FPDFText_GetStrokeColor": c_int,
    "FPDFText_GetTextObject": c_void_p,
}


class Native:
    """The functions by their own names."""

    def __init__(self) -> None:
        from pypdfium2 import raw

        plain = {name: (result, ()) for name, result in _TEXT_FUNCTIONS.items()}
        for name, (result, arguments) in {**_SIGNATURES, **plain}.items():
            address = ctypes.cast(getattr(raw, name), c_void_p).value or 0
            # PYFUNCTYPE keeps the interpreter's lock: pdfium is not made for threads.
            setattr(self, name, ctypes.PYFUNCTYPE(result, *arguments)(address))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(name)  # the functions are set above; this is for the type checker


@lru_cache(maxsize=1)
def native() -> Native:
    """The library, loaded on first use."""
    return Native()


def handle(raw: Any) -> int:
    """The address behind one of pypdfium2's pointers."""
    return ctypes.cast(raw, c_void_p).value or 0
