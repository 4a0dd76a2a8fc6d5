/** `<frontdesk-chat>`: the launcher in the corner, and the frame in which the panel appears. */

import { ICONS, type IconName } from "../shared/icons";
import { closestLocale, fill, pageDirection, phoneLink } from "../shared/texts";
import { PANEL_TAG, type Choice, type Options, type Panel, type Shell } from "../shared/types";
import { launcher as en } from "../texts/en.json";
import { launcher as es } from "../texts/es.json";
import { palette } from "./colour";
import { Listeners } from "./events";
import styles from "./launcher.css";
import { OPTION_NAMES, readOptions } from "./options";
import { loadPanel, type Inclusion } from "./panel-loader";

const TEXTS = { en, es };
const OPEN_KEY = "frontdesk:open";
/** Where the panel covers the page, so that it must not come up by itself. */
const SMALL_SCREEN = "(max-width: 30rem), (max-height: 30rem)";

export class FrontdeskChat extends HTMLElement {
  static observedAttributes = [...OPTION_NAMES];

  /** Set by the script before the element is upgraded. */
  static inclusion: Inclusion;
  static listeners: Listeners;

  starters: Choice[] | null = null;
  isOpen = false;
  unread = 0;

  private panel: Panel | null = null;
  private isBusy = false;
  private leaving = new AbortController();
  private readonly root = this.attachShadow({ mode: "open" });
  private readonly region = make("section", "region");
  private readonly button = make("button", "launcher");
  private readonly label = make("span", "label");
  private readonly badge = make("span", "badge");
  private readonly frame = make("div", "frame");
  private readonly note = make("div", "note");

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    this.root.adoptedStyleSheets = [sheet];
    this.button.type = "button";
    this.button.addEventListener("click", () => (this.isOpen ? this.close() : void this.open(true)));
    this.note.setAttribute("role", "status");
    this.frame.hidden = true;
    this.button.append(icon("chat"), icon("down"), this.label, this.badge);
    this.region.append(this.frame, this.note, this.button);
    this.root.append(this.region);
  }

  connectedCallback(): void {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.apply(), { signal });
    document.addEventListener("click", (event) => this.followLink(event), { signal });
    addEventListener("hashchange", () => this.followHash(), { signal });
    this.addEventListener("keydown", (event) => this.closeOnEscape(event), { signal });
    this.apply();
    if (location.hash === "#chat") this.followHash();
    else if (this.wasOpen() && !matchMedia(SMALL_SCREEN).matches) void this.open(false);
  }

  disconnectedCallback(): void {
    this.leaving.abort();
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.apply();
  }

  get options(): Options {
    return readOptions(this);
  }

  get theme(): "light" | "dark" {
    const { theme } = this.options;
    if (theme !== "auto") return theme;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  /** Shows the panel, loading it first when this is the first time. */
  async open(moveFocus: boolean): Promise<void> {
    if (this.isOpen || this.isBusy) return;
    this.isBusy = true;
    this.apply();
    try {
      await loadPanel(FrontdeskChat.inclusion);
    } catch {
      this.showNote();
      FrontdeskChat.listeners.emit("error", { code: "unreachable" });
      return;
    } finally {
      this.isBusy = false;
      this.apply();
    }
    this.note.replaceChildren();
    this.isOpen = true;
    this.rememberOpen();
    this.setUnread(0);
    this.frame.hidden = false;
    this.panel ??= this.makePanel();
    this.apply();
    this.panel.opened(moveFocus);
    FrontdeskChat.listeners.emit("open", {});
  }

  /** Hides the panel; the keyboard goes back to the launcher. */
  close(): void {
    if (!this.isOpen) return;
    const hadFocus = this.root.activeElement !== null;
    this.isOpen = false;
    this.rememberOpen();
    this.frame.hidden = true;
    this.apply();
    if (hadFocus) this.button.focus();
    FrontdeskChat.listeners.emit("close", {});
  }

  /** Opens the panel and asks something. */
  async ask(text: string): Promise<void> {
    await this.open(true);
    this.panel?.ask(text);
  }

  /** Deletes the conversation, also when the panel has not been opened on this page. */
  async clear(): Promise<void> {
    await loadPanel(FrontdeskChat.inclusion);
    this.panel ??= this.makePanel();
    this.panel.clear();
  }

  setUnread(count: number): void {
    if (count === this.unread) return;
    this.unread = count;
    this.apply();
    FrontdeskChat.listeners.emit("unread", { count });
  }

  private makePanel(): Panel {
    const panel = document.createElement(PANEL_TAG) as Panel;
    const element = this;
    const shell: Shell = {
      server: FrontdeskChat.inclusion.server,
      get options() { return element.options; },
      get starters() { return element.starters; },
      get isOpen() { return element.isOpen; },
      get theme() { return element.theme; },
      get unread() { return element.unread; },
      emit: FrontdeskChat.listeners.emit,
      close: () => element.close(),
      setUnread: (count) => element.setUnread(count),
    };
    panel.shell = shell;
    this.frame.append(panel);
    return panel;
  }

  private apply(): void {
    const options = this.options;
    const texts = TEXTS[closestLocale(options.locale)];
    const theme = this.theme;
    this.region.dataset["theme"] = theme;
    this.region.dataset["position"] = options.position;
    this.region.dir = pageDirection(this);
    this.region.lang = closestLocale(options.locale);
    this.region.classList.toggle("open", this.isOpen);
    this.region.setAttribute("aria-label", texts.region);
    const brand = options.color || getComputedStyle(this).getPropertyValue("--frontdesk-color");
    for (const [name, value] of Object.entries(palette(brand, this.region, theme))) {
      this.region.style.setProperty(name, value);
    }
    this.label.textContent = this.isOpen ? texts.close : options.label || texts.label;
    this.badge.textContent = this.unread ? fill(texts.unread, { count: String(this.unread) }) : "";
    this.badge.hidden = !this.unread;
    this.button.setAttribute("aria-expanded", String(this.isOpen));
    this.button.setAttribute("aria-busy", String(this.isBusy));
    this.panel?.refresh();
  }

  private showNote(): void {
    const { locale, phone } = this.options;
    const texts = TEXTS[closestLocale(locale)];
    const words = make("p");
    words.textContent = texts.unreachable;
    this.note.replaceChildren(words);
    if (!phone) return;
    const link = make("a");
    link.href = phoneLink(phone);
    link.textContent = fill(texts.call, { phone });
    this.note.append(link);
  }

  private followLink(event: MouseEvent): void {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (event.defaultPrevented || link?.getAttribute("href") !== "#chat") return;
    event.preventDefault();
    void this.open(true);
  }

  private followHash(): void {
    if (location.hash === "#chat") void this.open(true);
  }

  private closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented || !this.isOpen) return;
    event.stopPropagation();
    this.close();
  }

  // Storage can be switched off in a browser; then every page starts closed.
  private wasOpen(): boolean {
    try {
      return sessionStorage.getItem(OPEN_KEY) === "1";
    } catch {
      return false;
    }
  }

  private rememberOpen(): void {
    try {
      if (this.isOpen) sessionStorage.setItem(OPEN_KEY, "1");
      else sessionStorage.removeItem(OPEN_KEY);
    } catch {
      /* see above */
    }
  }
}

function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, className = ""): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

function icon(name: IconName): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
