"""A YAML language server driven over its standard input and output, as an editor drives it."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any

SERVER = shutil.which("yaml-language-server")
REASON = "yaml-language-server is not installed (npm install -g yaml-language-server)"
_WAIT = 60  # seconds


class Editor:
    """One session with one file open at a time. Lines and characters count from 0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = self._files = 0
        self._answers: Queue[dict[str, Any]] = Queue()
        self._told: Queue[dict[str, Any]] = Queue()

    def __enter__(self) -> Editor:
        assert SERVER is not None, REASON
        self._process = subprocess.Popen(
            [SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        item = {"snippetSupport": False, "documentationFormat": ["plaintext"]}
        self._ask("initialize", {
            "processId": None, "rootUri": self.folder.as_uri(),
            "capabilities": {"textDocument": {"completion": {"completionItem": item}}},
        })  # fmt: skip
        self._tell("initialized", {})
        # Nothing may be looked up on the network.
        own = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "completion": True,
                        "hover": True}}  # fmt: skip
        self._tell("workspace/didChangeConfiguration", {"settings": own})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def write(self, text: str) -> list[dict[str, Any]]:
        """Open a new rule file with this text."""
        self._files += 1
        return self.open(self.folder / "rules" / "ogi" / f"new-{self._files}.yaml", text)

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a file with this text; the diagnostics that the server tells of it."""
        path.write_text(text, encoding="utf-8")
        self.uri = path.as_uri()
        item = {"uri": self.uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": item})
        while True:
            told = self._told.get(timeout=_WAIT)
            if told["params"].get("uri") == self.uri:
                diagnostics: list[dict[str, Any]] = told["params"]["diagnostics"]
                return diagnostics

    def complete(self, line: int, character: int) -> dict[str, str]:
        """What may stand there: label → what the server says of it."""
        place = {"line": line, "character": character}
        found = self._ask(
            "textDocument/completion", {"textDocument": {"uri": self.uri}, "position": place}
        )
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: str(item.get("documentation") or "") for item in items}

    def hover(self, line: int, character: int) -> str:
        """What the server shows of the word there."""
        place = {"line": line, "character": character}
        found = self._ask(
            "textDocument/hover", {"textDocument": {"uri": self.uri}, "position": place}
        )
        return json.dumps(found, ensure_ascii=False)

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            try:
                answer = self._answers.get(timeout=_WAIT)
            except Empty:
                raise AssertionError(f"no answer to {method}") from None
            if answer["id"] == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _listen(self) -> None:
        """Sort what comes: answers, what is told of files, and questions, which get no answer."""
        stream = self._process.stdout
        assert stream is not None
        while True:
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            message = json.loads(stream.read(length))
            if message.get("method") == "workspace/configuration":
                count = len(message["params"]["items"])
                self._send({"id": message["id"], "result": [None] * count})
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif "method" in message:
                if message["method"] == "textDocument/publishDiagnostics":
                    self._told.put(message)
            else:
                self._answers.put(message)
