"""A small IMAP server on loopback (RFC 3501, MOVE of RFC 6851): enough for a client to fetch, sort and flag mails."""

import contextlib
import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD = "rückläufer@rundbrief.example", "geheim & lang"


@dataclass
class Stored:
    """A mail in a folder."""

    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """``put(mail)`` lays a mail into INBOX; ``folders`` shows where mails are; ``commands`` what was said.

    ``moves``: it offers MOVE; ``makes_folders``: CREATE is allowed.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    _Session(outer, self.rfile, self.wfile).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"imap://r%C3%BCckl%C3%A4ufer%40rundbrief.example:geheim%20%26%20lang@127.0.0.1:{self.port}/INBOX"

    def reset(self) -> None:
        self.folders: dict[str, list[Stored]] = {"INBOX": []}
        self.commands: list[str] = []
        self.moves = self.makes_folders = True
        self._next = 1

    def put(self, content: bytes) -> int:
        with self.lock:
            uid, self._next = self._next, self._next + 1
            self.folders["INBOX"].append(Stored(uid, content))
            return uid

    def contents(self, folder: str) -> list[bytes]:
        with self.lock:
            return [mail.content for mail in self.folders.get(folder, [])]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Session:
    def __init__(self, server: ImapServer, read: Any, write: Any) -> None:
        self._server, self._read, self._write = server, read, write
        self._folder = ""

    def run(self) -> None:
        self._say("* OK ready")
        while line := self._read.readline():
            tag, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
            self._server.commands.append(name.upper())
            answer = getattr(self, f"_{name.lower()}", None)
            if answer is None:
                self._say(f"{tag} BAD unknown")
            elif answer(tag, arguments) == "bye":
                return

    def _say(self, line: str) -> None:
        self._write.write(line.encode() + b"\r\n")
        self._write.flush()

    def _capability(self, tag: str, arguments: str) -> None:
        self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN" + (" MOVE" if self._server.moves else ""))
        self._say(f"{tag} OK done")

    def _authenticate(self, tag: str, arguments: str) -> None:
        import base64

        self._say("+ ")
        given = base64.b64decode(self._read.readline().strip()).decode().split("\0")
        self._say(f"{tag} OK in" if given[1:] == [USER, PASSWORD] else f"{tag} NO wrong password")

    def _select(self, tag: str, arguments: str) -> None:
        self._folder = arguments.strip('"')
        self._say(f"* {len(self._server.folders[self._folder])} EXISTS")
        self._say(f"{tag} OK [READ-WRITE] selected")

    def _list(self, tag: str, arguments: str) -> None:
        wanted = re.findall(r'"([^"]*)"|(\S+)', arguments)[-1]
        name = wanted[0] or wanted[1]
        if name in self._server.folders:
            self._say(f'* LIST (\\HasNoChildren) "/" "{name}"')
        self._say(f"{tag} OK done")

    def _create(self, tag: str, arguments: str) -> None:
        if not self._server.makes_folders:
            return self._say(f"{tag} NO not allowed")
        self._server.folders[arguments.strip('"')] = []
        return self._say(f"{tag} OK made")

    def _search(self, tag: str, arguments: str) -> None:
        unseen = "UNSEEN" in arguments
        with self._server.lock:
            found = [m.uid for m in self._server.folders[self._folder] if not (unseen and "\\Seen" in m.flags)]
        self._say("* SEARCH " + " ".join(map(str, found)))
        self._say(f"{tag} OK done")

    def _fetch(self, tag: str, arguments: str) -> None:
        uid, _, what = arguments.partition(" ")
        first, length = map(int, re.search(r"<(\d+)\.(\d+)>", what).groups())  # type: ignore[union-attr]
        with self._server.lock:
            mail = self._find(int(uid))
        if mail is not None:
            piece = mail.content[first : first + length]
            self._write.write(f"* 1 FETCH (UID {uid} BODY[]<{first}> {{{len(piece)}}}\r\n".encode() + piece + b")\r\n")
        self._say(f"{tag} OK done")

    def _store(self, tag: str, arguments: str) -> None:
        uid, _, flags = arguments.partition(" ")
        with self._server.lock:
            mail = self._find(int(uid))
            if mail is not None:
                mail.flags.update(re.findall(r"\\\w+", flags))
        self._say(f"{tag} OK done")

    def _move(self, tag: str, arguments: str) -> None:
        uid, _, folder = arguments.partition(" ")
        with self._server.lock:
            mail = self._find(int(uid))
            if mail is not None:
                self._server.folders[self._folder].remove(mail)
                self._server.folders[folder.strip('"')].append(mail)
        self._say(f"{tag} OK moved")

    def _logout(self, tag: str, arguments: str) -> str:
        self._say("* BYE")
        self._say(f"{tag} OK bye")
        return "bye"

    def _find(self, uid: int) -> Stored | None:
        return next((mail for mail in self._server.folders[self._folder] if mail.uid == uid), None)
