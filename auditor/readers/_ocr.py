"""The recogniser of characters: rapidocr with the models of its own wheel, nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from auditor.errors import DocumentError, Said
from auditor.readers._scan_image import Pixels

INSTALL = 'pip install "auditor[ocr]"'
_NEEDED = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")
_THREADS = 1  # more only wait for each other when a folder is read in parallel
_NARROW = [3, 48, 96]  # channels, height, width that a batch is padded to at least
_BATCH = 16


class Reading(NamedTuple):
    """One line as recognised: how sure its least certain character is, and all on average.

    Both in percent.
    """

    text: str
    score: int
    average: int


class Spot(NamedTuple):
    """Where a line of text was found: left, top, right, bottom in pixels."""

    left: int
    top: int
    right: int
    bottom: int


class Recogniser(Protocol):
    """What finds lines of text on pictures, and reads them."""

    def read(self, crops: Sequence[Pixels]) -> list[Reading]:
        """The text of pictures of one line each (RGB)."""
        ...

    def find(self, picture: Pixels) -> list[Spot]:
        """The lines of text on a picture (RGB)."""
        ...


def is_installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in _NEEDED)


def missing(zh: str, en: str) -> DocumentError:
    """The refusal of a picture without the extra; `zh` and `en` say what was given."""
    return DocumentError(
        "unsupported",
        Said(
            f"{zh}。识别图像需要安装文字识别组件：{INSTALL}；或请提供可复制文字的 PDF 或 .docx。",
            f"{en}; to read pictures install the extra: {INSTALL}, "
            "or supply a PDF with text or a .docx",
        ),
    )


@dataclass(frozen=True, slots=True)
class Engine:
    """The two models: one finds lines of text, one reads a line."""

    detector: Any
    recogniser: Any

    def read(self, crops: Sequence[Pixels]) -> list[Reading]:
        """The text of pictures of one line each (RGB)."""
        from rapidocr.ch_ppocr_rec import TextRecInput

        if not crops:
            return []
        given = [crop[:, :, ::-1] for crop in crops]
        found = self.recogniser(TextRecInput(img=given, return_word_box=True))
        return [
            _reading(text or "", getattr(words, "confs", None) or [0.0])
            for text, words in zip(found.txts, found.word_results, strict=True)
        ]

    def find(self, picture: Pixels) -> list[Spot]:
        """The lines of text on a picture (RGB)."""
        found = self.detector(picture[:, :, ::-1])
        if found.boxes is None:
            return []
        return [
            Spot(
                int(box[:, 0].min()), int(box[:, 1].min()),
                int(box[:, 0].max()), int(box[:, 1].max()),
            )
            for box in found.boxes
        ]  # fmt: skip


def _reading(text: str, sure: Sequence[float]) -> Reading:
    return Reading(text, int(min(sure) * 100), int(sum(sure) / len(sure) * 100))


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The models, loaded once. Raises DocumentError where the wheel came without them."""
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    made: Any = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.model_path": _model(folder, "det"),
            "Rec.model_path": _model(folder, "rec"),
            "Rec.rec_img_shape": _NARROW,
            "Rec.rec_batch_num": _BATCH,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return Engine(made._load_det_model(), made._load_rec_model())


def _model(folder: Path, task: str) -> str:
    """A model by its task. Without its path rapidocr would look for it on the network."""
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise DocumentError(
            "unsupported",
            Said(
                f"文字识别组件不完整，缺少模型文件。请重新安装：{INSTALL}。",
                f"the OCR extra came without its models; install it again: {INSTALL}",
            ),
        )
    return str(found[-1])
