"""All messaging channels on a Rasa server in this process, with a stand-in for the assistant behind it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage
from rasa.core.run import configure_app
from rasa.shared.core.events import BotUttered
from sanic import Sanic

from channels.common.desk import Desk
from channels.switchboard import Switchboard
from frontdesk.database import create_engine
from frontdesk.facts.loading import load
from frontdesk.facts.snapshot import FactsStore
from frontdesk.messages.outgoing import Patience
from frontdesk.messages.tables import channel_inbox, channel_outgoing
from frontdesk.settings import REPOSITORY, Settings
from tests.background import Background
from tests.channels.fake_platforms import FakePlatforms, Shown

# A minute of a platform's silence, scaled down sixty times.
QUICK = Patience(timedelta(milliseconds=20), timedelta(seconds=0.2), timedelta(minutes=5))


def utterance(text: str, *titles: str, payload: Callable[[str], str] = str, **metadata: object) -> BotUttered:
    """What the assistant says, with buttons."""
    buttons = [{"title": title, "payload": payload(title)} for title in titles]
    return BotUttered(text, {"buttons": buttons}, {"outcome": "answer", "topics": [], "facts": [], **metadata})


class Assistant:
    """Stands in for Rasa's agent: repeats what it hears, unless told what to say.

    Attributes:
        heard: sender id and words, in order.
        says: what it says to a message.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.says: Callable[[str], list[BotUttered]] = lambda text: [utterance(f"You said: {text}")]

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append((message.sender_id, message.text))
        for said in self.says(message.text):
            await message.output_channel.send_response(message.sender_id, said.message())


class Board:
    """A running server with all channels, in a thread of its own."""

    def __init__(self, settings: Settings, fake: FakePlatforms, patience: Patience = QUICK) -> None:
        self.settings, self.fake, self.assistant = settings, fake, Assistant()
        self.engine = create_engine(settings)
        store = FactsStore(load(REPOSITORY / "facts"))
        self._board = Switchboard(settings, Desk(lambda: store), 5, patience)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Serve until `stop`."""

        async def serve() -> None:
            Sanic.test_mode = True
            app = configure_app([self._board], enable_api=False, use_uvloop=False)
            app.ctx.agent = self.assistant
            self._server = await app.create_server(sock=self._listener, return_asyncio_server=True, access_log=False)
            await self._server.startup()
            await self._server.start_serving()
            await self._server.after_start()

        self._background = Background()
        self._background.do(serve())

    def stop(self) -> None:
        """End the server as at a shutdown; nothing happens when it has ended."""
        if not self._background.is_running:
            return

        async def end() -> None:
            await self._server.before_stop()
            self._server.close()
            await self._server.after_stop()

        self._background.do(end())
        self._background.stop()
        Sanic.test_mode = False

    def settle(self, seconds: float = 20) -> None:
        """Wait until nothing waits any more."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.waiting():
                return
            time.sleep(0.02)
        raise AssertionError(f"still waiting: {self.waiting()}")

    def waiting(self) -> int:
        """How many messages and calls are not done with."""
        return waiting(self.engine)

    def shown(self, to: str) -> list[Shown]:
        """What one visitor was shown, once nothing waits any more."""
        self.settle()
        return [each for each in self.fake.shown if each.to.split("/")[0] == to]


def waiting(engine: sa.engine.Engine) -> int:
    """How many messages and calls of a desk are not done with."""
    with engine.connect() as connection:
        return sum(
            int(connection.execute(sa.select(sa.func.count()).select_from(queue)).scalar())
            for queue in (channel_inbox, channel_outgoing)
        )
