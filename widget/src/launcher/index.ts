/** The script that a site includes: puts the launcher on the page and opens the one global, `Frontdesk`. */

import type { Choice, Events, Options } from "../shared/types";
import { FrontdeskChat } from "./element";
import { Listeners } from "./events";
import { OPTION_NAMES, serverOf } from "./options";

const TAG = "frontdesk-chat";

type Call = [name: string, ...given: unknown[]];
type Settings = Partial<Options> & { starters?: Choice[] };

function makeApi(element: FrontdeskChat, listeners: Listeners) {
  const api = {
    open: () => void element.open(true),
    close: () => element.close(),
    toggle: () => (element.isOpen ? element.close() : void element.open(true)),
    show: () => element.removeAttribute("hidden"),
    hide: () => element.setAttribute("hidden", ""),
    ask: (text: string) => void element.ask(text),
    reset: () => void element.clear(),
    on: (name: keyof Events, listener: (detail: never) => void) => listeners.on(name, listener),
    off: (name: keyof Events, listener: (detail: never) => void) => listeners.off(name, listener),
    set: (settings: Settings) => {
      if (settings.starters) element.starters = settings.starters;
      for (const name of OPTION_NAMES) {
        const value = settings[name];
        if (value !== undefined) element.setAttribute(name, value);
      }
    },
    destroy: () => {
      element.remove();
      delete (window as { Frontdesk?: unknown }).Frontdesk;
    },
    get isOpen() { return element.isOpen; },
    get unread() { return element.unread; },
    /** Takes the calls that were queued before this script was there, and later ones just the same. */
    push: (...calls: Call[]) => {
      for (const [name, ...given] of calls) {
        const method = (api as Record<string, unknown>)[name];
        if (typeof method === "function" && name !== "push") method(...given);
      }
    },
  };
  return api;
}

function start(script: HTMLScriptElement): void {
  const listeners = new Listeners();
  FrontdeskChat.listeners = listeners;
  FrontdeskChat.inclusion = {
    server: script.dataset["server"]?.replace(/\/$/, "") || serverOf(script.src),
    nonce: script.nonce ?? "",
    isPinned: script.integrity !== "",
  };
  customElements.define(TAG, FrontdeskChat);

  const place = () => {
    const element = document.querySelector<FrontdeskChat>(TAG) ?? (document.createElement(TAG) as FrontdeskChat);
    for (const name of OPTION_NAMES) {
      const value = script.dataset[name];
      if (value !== undefined && !element.hasAttribute(name)) element.setAttribute(name, value);
    }
    if (!element.isConnected) document.body.append(element);
    const page = window as { Frontdesk?: unknown };
    const queue = Array.isArray(page.Frontdesk) ? (page.Frontdesk as Call[]) : [];
    const api = makeApi(element, listeners);
    page.Frontdesk = api;
    api.push(...queue);
    listeners.emit("ready", {});
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place, { once: true });
}

// A page may include the script twice, through a template and a tag manager; the first one serves.
if (!customElements.get(TAG) && document.currentScript instanceof HTMLScriptElement) start(document.currentScript);
