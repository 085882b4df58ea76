"""A visitor without a browser: speaks to the server over its real WebSocket, as the page in a browser does."""

import time
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


@dataclass
class List:
    """A list of the side panel: where the server knows it by, what it offers, and what is chosen (None: the default)."""

    id: str
    options: list[str]
    chosen: str | None = None


class Visitor:
    """One browser tab. ``lists`` holds what can be chosen, by label, as the last page shown offered it."""

    def __init__(self, address: str, page: str = ""):
        self.lists: dict[str, List] = {}
        self.received = 0
        """Bytes of the last answer."""
        self._address = address.replace("http", "ws", 1) + "/_stcore/stream"
        self._page_name, self._page_hash = page, ""
        self._known: set[str] = set()

    async def arrive(self) -> float:
        """Open the page; gives the seconds until its script had finished."""
        self._socket = await websockets.connect(
            self._address, subprotocols=["streamlit"], max_size=None, compression=None, open_timeout=60
        )
        return await self._run()

    async def choose(self, label: str, option: str) -> float:
        """Choose in a list; gives the seconds from the message sent to the script finished."""
        self.lists[label].chosen = option
        return await self._run()

    async def leave(self) -> None:
        await self._socket.close()

    async def _run(self) -> float:
        message = BackMsg()
        state = message.rerun_script
        state.page_name, state.page_script_hash = self._page_name, self._page_hash
        for held in self.lists.values():
            if held.chosen is not None:
                state.widget_states.widgets.add(id=held.id, string_value=held.chosen)
        state.cached_message_hashes.extend(self._known)
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        self.received = 0
        while True:
            content = await self._socket.recv()
            self.received += len(content)
            if self._read(ForwardMsg.FromString(content)):
                return time.perf_counter() - started

    def _read(self, message: ForwardMsg) -> bool:
        """Take in a message; true for the last one of a run."""
        if message.metadata.cacheable:
            self._known.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "delta":
            element = message.delta.new_element
            shown = element.WhichOneof("type")
            if shown == "exception":
                raise RuntimeError(f"The page failed: {element.exception.message}")
            if shown == "selectbox":
                held = self.lists.get(element.selectbox.label)
                chosen = held.chosen if held else None
                self.lists[element.selectbox.label] = List(
                    element.selectbox.id, list(element.selectbox.options), chosen
                )
        # A page opened by its address on a server just started runs twice.
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
