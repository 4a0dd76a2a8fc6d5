// A small chat form for the demo page. All its words are in the page; whatever the server sends is set as text only.
"use strict";

(() => {
  const STORAGE_KEY = "frontdesk.session";
  const PATIENCE_MS = 30000;

  const chat = document.getElementById("chat");
  const words = chat.dataset;
  const log = document.getElementById("chat-log");
  const status = document.getElementById("chat-status");
  const problem = document.getElementById("chat-problem");
  const problemText = document.getElementById("chat-problem-text");
  const form = document.getElementById("chat-form");
  const input = document.getElementById("chat-input");
  const submit = form.querySelector("button");

  let busy = false;
  let unsent = null;
  let session = null;

  // Storage can be switched off in a browser; the conversation then lasts as long as the page.
  const storage = {
    read() {
      try { return sessionStorage.getItem(STORAGE_KEY); } catch { return null; }
    },
    write(token) {
      try { sessionStorage.setItem(STORAGE_KEY, token); } catch { /* see above */ }
    },
  };

  async function post(path, headers, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      const response = await fetch(path, { method: "POST", headers, body, signal: abort.signal });
      const content = await response.json();
      if (!response.ok) {
        throw Object.assign(new Error(content.error?.message), { status: response.status, spoken: true });
      }
      return content;
    } finally {
      clearTimeout(timer);
    }
  }

  async function openSession() {
    session = (await post("session", {})).session;
    storage.write(session);
  }

  async function ask(text) {
    const send = () => post(
      "message",
      { "Authorization": `Bearer ${session}`, "Content-Type": "application/json" },
      JSON.stringify({ message: text }),
    );
    session = session ?? storage.read();
    if (session === null) await openSession();
    try {
      return (await send()).messages;
    } catch (error) {
      if (error.status !== 401) throw error;
      await openSession();
      return (await send()).messages;
    }
  }

  function element(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  function bubble(speaker, className, text) {
    const message = element("div", `chat-message ${className}`);
    const paragraph = element("p", "chat-text");
    paragraph.append(element("span", "visually-hidden", `${speaker}: `), text);
    message.append(paragraph);
    return message;
  }

  function show(node) {
    log.append(node);
    log.scrollTop = log.scrollHeight;
  }

  function buttonRow(buttons) {
    const row = element("div", "chat-buttons");
    for (const { title, payload } of buttons) {
      const button = element("button", "", title);
      button.type = "button";
      button.dataset.payload = payload;
      row.append(button);
    }
    return row;
  }

  function longDate(day) {
    const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return new Date(day).toLocaleDateString(document.documentElement.lang, form);
  }

  function sourceList(sources) {
    const details = element("details", "chat-sources");
    const list = element("ul");
    for (const source of sources) {
      const item = element("li");
      const title = [source.organisation, source.title].filter(Boolean).join(": ");
      if (/^https?:\/\//i.test(source.url ?? "")) {
        const link = element("a", "", title);
        link.href = source.url;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        item.append(link);
      } else {
        item.append(title);
      }
      if (source.date) item.append(` (${source.date})`);
      if (source.reviewed) item.append(`, ${words.reviewed} ${longDate(source.reviewed)}`);
      list.append(item);
    }
    details.append(element("summary", "", words.sources), list);
    return details;
  }

  function showReply(messages) {
    let first = null;
    for (const message of messages) {
      const node = bubble(words.desk, "chat-desk", message.text);
      node.dataset.outcome = message.outcome;
      if (message.sources.length > 0) node.append(sourceList(message.sources));
      if (message.buttons.length > 0) node.append(buttonRow(message.buttons));
      show(node);
      first = first ?? node;
    }
    // A long reply is read from its start.
    log.scrollTop = first.offsetTop - 12;
  }

  function setBusy(value) {
    busy = value;
    submit.setAttribute("aria-disabled", String(value));
    status.textContent = value ? words.working : "";
  }

  async function deliver(text) {
    problem.hidden = true;
    setBusy(true);
    try {
      const messages = await ask(text);
      unsent = null;
      showReply(messages);
    } catch (error) {
      unsent = text;
      problemText.textContent = (error.spoken && error.message) || words.unreachable;
      problem.hidden = false;
      log.scrollTop = log.scrollHeight;
    } finally {
      setBusy(false);
    }
  }

  function say(text, shown) {
    show(bubble(words.you, "chat-visitor", shown));
    deliver(text);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (busy || text === "") return;
    input.value = "";
    say(text, text);
  });

  document.getElementById("chat-retry").addEventListener("click", () => {
    if (busy || unsent === null) return;
    input.focus();
    deliver(unsent);
  });

  log.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-payload]");
    if (busy || button === null) return;
    // The row is about to be locked, and a locked button loses the focus to the page.
    if (matchMedia("(pointer: fine)").matches) input.focus();
    button.setAttribute("aria-pressed", "true");
    for (const sibling of button.parentElement.children) sibling.disabled = true;
    say(button.dataset.payload, button.textContent);
  });
})();
