"""The platforms, as strict as they are: what they would refuse is refused, and noted as a broken limit."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.background import Background

TOKENS = {"whatsapp": "wa-token", "telegram": "123456:telegram-token", "messenger": "page-token", "slack": "xoxb-token"}
NUMBER_ID, PAGE_ID, ACCOUNT, TWILIO_TOKEN = "10550001", "20660002", "AC" + "0" * 32, "twilio-auth-token"
OUR_NUMBER = "+442079460018"


class Broken(Exception):
    """A request that the platform refuses, as it breaks one of its rules."""


@dataclass(frozen=True)
class Shown:
    """A message as a visitor sees it: its words, and the buttons with what each sends back."""

    channel: str
    to: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    template: str | None = None


@dataclass
class FakePlatforms:
    """All five platforms' interfaces, on one loopback port.

    Attributes:
        shown: what visitors were shown, in order.
        courtesies: typing indicators and the like.
        broken: every rule that a request broke.
        down: while true, nothing is taken: status 503.
        refusals: statuses to answer the next requests with, the request not being taken.
    """

    shown: list[Shown] = field(default_factory=list)
    courtesies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    down: bool = False
    address: str = ""

    def start(self) -> None:
        """Serve in a thread until `stop`."""

        async def serve() -> None:
            app = web.Application()
            app.router.add_post("/bot{token}/{method}", self._taken(self._telegram))
            app.router.add_post("/graph/{id}/messages", self._taken(self._graph))
            app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._taken(self._twilio))
            app.router.add_post("/slack/chat.postMessage", self._taken(self._slack))
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"

        self._background = Background()
        self._background.do(serve())

    def stop(self) -> None:
        """End the thread."""
        self._background.stop()

    def environment(self) -> dict[str, str]:
        """The variables that lead the desk here, with all channels on."""
        return {
            "WHATSAPP_TOKEN": TOKENS["whatsapp"],
            "WHATSAPP_NUMBER_ID": NUMBER_ID,
            "WHATSAPP_APP_SECRET": "whatsapp-app-secret",
            "WHATSAPP_VERIFY_TOKEN": "whatsapp-verify",
            "WHATSAPP_API": f"{self.address}/graph",
            "TELEGRAM_TOKEN": TOKENS["telegram"],
            "TELEGRAM_API": self.address,
            "MESSENGER_TOKEN": TOKENS["messenger"],
            "MESSENGER_PAGE_ID": PAGE_ID,
            "MESSENGER_APP_SECRET": "messenger-app-secret",
            "MESSENGER_VERIFY_TOKEN": "messenger-verify",
            "MESSENGER_API": f"{self.address}/graph",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_API": self.address,
            "SLACK_TOKEN": TOKENS["slack"],
            "SLACK_SIGNING_SECRET": "slack-signing-secret",
            "SLACK_API": f"{self.address}/slack",
            "SOCKETIO": "1",
        }

    def _taken(self, take: Callable[[web.Request], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            if self.down:
                return web.json_response({}, status=503)
            if self.refusals:
                return web.json_response({"ok": False}, status=self.refusals.pop(0))
            try:
                return web.json_response(await take(request))
            except Broken as rule:
                self.broken.append(f"{request.path.split('/')[-1]}: {rule}")
                return web.json_response({"ok": False, "error": {"code": 100}}, status=400)

        return handle

    async def _telegram(self, request: web.Request) -> Any:
        rule(request.match_info["token"] == TOKENS["telegram"], "wrong token")
        body, method = await request.json(), request.match_info["method"]
        if method == "answerCallbackQuery":
            rule(only(body, "callback_query_id") and isinstance(body["callback_query_id"], str), "which query")
        elif method == "sendChatAction":
            rule(only(body, "chat_id", "action") and body["action"] == "typing", "which action")
        elif method == "setWebhook":
            rule(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", body["secret_token"]) is not None, "secret token")
        else:
            rule(method == "sendMessage", "method")
            rule(only(body, "chat_id", "text", "reply_markup", "link_preview_options"), "unknown field")
            rule(type(body["chat_id"]) is int, "chat_id")
            within(body["text"], 4096, "text")
            rows = (body.get("reply_markup") or {}).get("inline_keyboard", [])
            keys = [key for row in rows for key in row]
            for key in keys:
                rule(only(key, "text", "callback_data") and key["text"].strip() != "", "key")
                rule(1 <= len(key["callback_data"].encode()) <= 64, "callback_data")
            buttons = tuple((key["text"], key["callback_data"]) for key in keys)
            self.shown.append(Shown("telegram", str(body["chat_id"]), body["text"], buttons))
            return {"ok": True, "result": {"message_id": len(self.shown)}}
        self.courtesies.append((f"telegram {method}", body))
        return {"ok": True, "result": True}

    async def _graph(self, request: web.Request) -> Any:
        body, id_ = await request.json(), request.match_info["id"]
        channel = {NUMBER_ID: "whatsapp", PAGE_ID: "messenger"}.get(id_, "")
        rule(channel != "", "whose number")
        rule(request.headers.get("Authorization") == f"Bearer {TOKENS[channel]}", "wrong token")
        return self._whatsapp(body) if channel == "whatsapp" else self._messenger(body)

    def _whatsapp(self, body: dict[str, Any]) -> Any:
        rule(body.get("messaging_product") == "whatsapp", "messaging_product")
        if body.get("status") == "read":
            rule(only(body, "messaging_product", "status", "message_id", "typing_indicator"), "unknown field")
            self.courtesies.append(("whatsapp read", body))
            return {"success": True}
        kind = body.get("type", "")
        rule(only(body, "messaging_product", "recipient_type", "to", "type", kind), "unknown field")
        rule(re.fullmatch(r"\d{6,20}", body["to"]) is not None, "to")
        content, template = body[kind], None
        buttons: list[tuple[str, str]] = []
        if kind == "text":
            text = within(content["body"], 4096, "text")
        elif kind == "template":
            text, template = (
                " | ".join(each["text"] for each in content["components"][0]["parameters"]),
                content["name"],
            )
            rule(re.fullmatch(r"[a-z0-9_]{1,512}", template) is not None, "template name")
            rule("code" in content["language"], "language")
        else:
            rule(kind == "interactive" and content["type"] in ("button", "list"), "type")
            text = within(content["body"]["text"], 1024, "body")
            if content["type"] == "button":
                replies = [each["reply"] for each in content["action"]["buttons"]]
                rule(1 <= len(replies) <= 3, "number of buttons")
                rule(len({each["title"] for each in replies}) == len(replies), "equal titles")
                for each in replies:
                    buttons.append((within(each["title"], 20, "title"), within(each["id"], 256, "id")))
            else:
                within(content["action"]["button"], 20, "button")
                rows = [row for section in content["action"]["sections"] for row in section["rows"]]
                rule(1 <= len(rows) <= 10, "number of rows")
                for row in rows:
                    title = within(row["title"], 24, "row title")
                    if "description" in row:
                        title = within(row["description"], 72, "description")
                    buttons.append((title, within(row["id"], 200, "row id")))
            rule(len({data for _, data in buttons}) == len(buttons), "equal ids")
        self.shown.append(Shown("whatsapp", body["to"], text, tuple(buttons), template))
        return {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.out{len(self.shown)}"}]}

    def _messenger(self, body: dict[str, Any]) -> Any:
        to = body["recipient"]["id"]
        if "sender_action" in body:
            rule(only(body, "recipient", "sender_action"), "unknown field")
            self.courtesies.append(("messenger typing", body))
            return {"recipient_id": to}
        rule(only(body, "recipient", "messaging_type", "message"), "unknown field")
        rule(body["messaging_type"] in ("RESPONSE", "UPDATE"), "messaging_type")
        message = body["message"]
        rule(only(message, "text", "quick_replies"), "unknown field")
        text = within(message["text"], 2000, "text")
        replies = message.get("quick_replies", [])
        rule("quick_replies" not in message or 1 <= len(replies) <= 13, "number of quick replies")
        for reply in replies:
            rule(only(reply, "content_type", "title", "payload") and reply["content_type"] == "text", "quick reply")
            within(reply["title"], 20, "title")
            within(reply["payload"], 1000, "payload")
        buttons = tuple((reply["title"], reply["payload"]) for reply in replies)
        self.shown.append(Shown("messenger", to, text, buttons))
        return {"recipient_id": to, "message_id": f"m_{len(self.shown)}"}

    async def _twilio(self, request: web.Request) -> Any:
        account = request.match_info["account"]
        expected = base64.b64encode(f"{ACCOUNT}:{TWILIO_TOKEN}".encode()).decode()
        rule(account == ACCOUNT and request.headers.get("Authorization") == f"Basic {expected}", "wrong token")
        form = await request.post()
        rule(set(form) == {"From", "To", "Body"}, "fields")
        rule(str(form["From"]).removeprefix("whatsapp:") == OUR_NUMBER, "from")
        rule(str(form["From"]).startswith("whatsapp:") == str(form["To"]).startswith("whatsapp:"), "one way only")
        text = within(str(form["Body"]), 1600, "body")
        self.shown.append(Shown("twilio", str(form["To"]), text))
        return {"sid": f"SM{len(self.shown)}"}

    async def _slack(self, request: web.Request) -> Any:
        rule(request.headers.get("Authorization") == f"Bearer {TOKENS['slack']}", "wrong token")
        body = await request.json()
        rule(only(body, "channel", "text", "blocks", "thread_ts", "unfurl_links", "unfurl_media"), "unknown field")
        rule(1 <= len(body["blocks"]) <= 50, "number of blocks")
        buttons: list[tuple[str, str]] = []
        for block in body["blocks"]:
            if block["type"] == "section":
                within(block["text"]["text"], 3000, "section")
                continue
            rule(block["type"] == "actions" and 1 <= len(block["elements"]) <= 25, "actions")
            rule(len({each["action_id"] for each in block["elements"]}) == len(block["elements"]), "equal action ids")
            for element in block["elements"]:
                title = within(element["text"]["text"], 75, "button")
                buttons.append((title, within(element["value"], 2000, "value")))
        rule("<!" not in body["text"], "mentions everybody")
        to = body["channel"] + (f"/{body['thread_ts']}" if "thread_ts" in body else "")
        self.shown.append(Shown("slack", to, within(body["text"], 40_000, "text"), tuple(buttons)))
        return {"ok": True, "ts": f"{len(self.shown)}.0"}


def rule(holds: bool, name: str) -> None:
    """Refuse a request that does not keep a rule."""
    if not holds:
        raise Broken(name)


def only(body: Any, *names: str) -> bool:
    """Whether an object has no other fields."""
    return isinstance(body, dict) and set(body) <= set(names)


def within(text: Any, limit: int, name: str) -> str:
    """A text that is neither blank nor too long."""
    rule(isinstance(text, str) and text.strip() != "", f"{name} is blank")
    rule(len(json.dumps(text)) > 0 and len(text.encode("utf-16-le")) // 2 <= limit, f"{name} is too long")
    return str(text)
