/** `<frontdesk-panel>`: the conversation that the launcher opens. */

import { LitElement, html, nothing, unsafeCSS, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill, pageDirection, phoneLink } from "../shared/texts";
import type { Choice, Panel, Shell } from "../shared/types";
import { Conversation } from "./conversation";
import type { Entry } from "./model";
import styles from "./panel.css";
import { icon, message, type Around } from "./parts";
import { textsFor, type Texts } from "./words";

const SMALL_SCREEN = "(max-width: 30rem), (max-height: 30rem)";

export class FrontdeskPanel extends LitElement implements Panel {
  static override styles = unsafeCSS(styles);

  shell!: Shell;

  private conversation!: Conversation;
  private isOnline = navigator.onLine;
  private isDeleting = false;
  private status = "";
  /** What the visitor has to know until the next message. */
  private note = "";
  private days = new Map<string, number>();
  private leaving = new AbortController();
  /** What to bring into view after the next rendering: the end, or the entry with this id. */
  private goal: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.conversation = new Conversation(this.shell.server, this.shell.emit, (added) => this.changed(added));
    for (const name of ["online", "offline"]) {
      addEventListener(name, () => { this.isOnline = navigator.onLine; this.requestUpdate(); }, { signal });
    }
    // A phone's keyboard covers the page without making it smaller.
    visualViewport?.addEventListener("resize", () => this.fitKeyboard(), { signal });
    this.addEventListener("keydown", (event) => this.keepFocusInside(event), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leaving.abort();
    this.conversation.leave();
  }

  opened(moveFocus: boolean): void {
    this.goal = "";
    void this.conversation.introduce();
    this.requestUpdate();
    if (moveFocus) void this.updateComplete.then(() => this.focusStart());
  }

  refresh(): void {
    this.requestUpdate();
  }

  ask(text: string): void {
    if (text.trim()) void this.conversation.ask(text.trim());
  }

  clear(): void {
    void this.delete();
  }

  private get texts(): Texts {
    return textsFor(this.shell.options.locale);
  }

  private get phone(): string {
    return this.conversation.about?.phone || this.shell.options.phone;
  }

  /** Dates as the clinic writes them, when it speaks the language of the interface. */
  private get dateLocale(): string {
    const clinic = this.conversation.about?.language ?? "";
    return clinic.startsWith(this.texts.lang) ? clinic : this.texts.lang;
  }

  private changed(added: Entry[]): void {
    const last = this.conversation.entries.at(-1);
    if (last) this.note = "";
    // A long reply is read from its start.
    this.goal = added[0]?.id ?? (last?.from === "visitor" ? "" : this.goal);
    if (added.length && !this.shell.isOpen) this.shell.setUnread(this.shell.unread + added.length);
    this.status = this.conversation.isBusy ? this.texts.typing : "";
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { texts, shell, conversation } = this;
    const { options } = shell;
    const name = options.name || conversation.about?.name || texts.title;
    return html`
      <div class="panel" role="dialog" aria-labelledby="title" aria-describedby="machine"
           lang=${texts.lang} dir=${pageDirection(this)} data-theme=${shell.theme}>
        <div class="head">
          <span class="mark">${icon("chat")}</span>
          <div class="who">
            <p id="title" class="title">${name}</p>
            <p id="machine" class="machine">${texts.machine}</p>
          </div>
          ${this.phone
            ? html`<a class="icon" href=${phoneLink(this.phone)} aria-label=${fill(texts.call, { phone: this.phone })}
                      title=${fill(texts.call, { phone: this.phone })}>${icon("phone")}</a>`
            : nothing}
          ${conversation.entries.length
            ? html`<button type="button" class="icon delete" aria-label=${texts.delete} title=${texts.delete}
                           @click=${() => this.askToDelete()}>${icon("bin")}</button>`
            : nothing}
          <button type="button" class="icon close" aria-label=${texts.close} title=${texts.close}
                  @click=${() => shell.close()}>${icon("close")}</button>
        </div>
        <div class="scroller">
          <div class="log" role="log" aria-label=${texts.conversation} tabindex="0">
            ${this.greeting(texts)}
            ${repeat(conversation.entries, ({ id }) => id, (entry) => message(entry, this.around))}
            ${conversation.isBusy
              ? html`<div class="typing" aria-hidden="true"><i></i><i></i><i></i></div>`
              : nothing}
          </div>
        </div>
        <p class="hidden" role="status">${this.status}</p>
        ${this.isOnline ? nothing : html`<p class="banner" role="status">${texts.offline}</p>`}
        ${this.note ? html`<p class="banner" role="status">${this.note}</p>` : nothing}
        ${this.isDeleting ? this.deletion(texts) : this.composer(texts)}
      </div>
    `;
  }

  protected override updated(): void {
    if (this.goal === null) return;
    const entry = this.goal && this.renderRoot.querySelector<HTMLElement>(`[data-id="${this.goal}"]`);
    // On a very low screen the whole panel scrolls; the other of the two does not move.
    for (const box of [this.find("scroller"), this.find("panel")]) {
      if (box) box.scrollTop = entry ? entry.offsetTop - 12 : box.scrollHeight;
    }
    this.goal = null;
  }

  private greeting(texts: Texts): TemplateResult {
    const { options, starters } = this.shell;
    const clinic = options.name || this.conversation.about?.name || texts.clinic;
    const isFresh = this.conversation.entries.length === 0;
    return html`
      <div class="message desk">
        <div class="bubble">
          <p class="text"><span class="hidden">${texts.desk}: </span><b>${options.greeting || texts.greeting}</b></p>
          <p class="text">${fill(texts.disclosure, { clinic })}</p>
        </div>
        ${isFresh
          ? html`
              <div class="row" role="group" aria-label=${texts.startersLabel}>
                ${(starters ?? texts.starters).map((starter) => html`
                  <button type="button" class="choice" @click=${() => this.start(starter)}>${starter.title}</button>
                `)}
              </div>
            `
          : nothing}
      </div>
    `;
  }

  private composer(texts: Texts): TemplateResult {
    const { about, isBusy } = this.conversation;
    const { privacy } = this.shell.options;
    return html`
      <form class="composer" @submit=${(event: Event) => this.submit(event)}>
        <label class="hidden" for="input">${texts.input}</label>
        <textarea id="input" rows="1" dir="auto" placeholder=${texts.placeholder} enterkeyhint="send"
                  autocomplete="off" maxlength=${about?.characters ?? 1000}
                  @keydown=${(event: KeyboardEvent) => this.sendOnEnter(event)}
                  @input=${(event: Event) => fitHeight(event.target as HTMLTextAreaElement)}></textarea>
        <button type="submit" class="send" aria-label=${texts.send} title=${texts.send} aria-disabled=${isBusy}>
          ${icon("send")}
        </button>
      </form>
      <p class="foot">
        ${texts.footer}
        ${about?.emergency
          ? html`<a href=${phoneLink(about.emergency)}>${fill(texts.footerEmergency, { number: about.emergency })}</a>`
          : nothing}
        ${privacy ? html`<a href=${privacy} target="_blank" rel="noopener">${texts.privacy}</a>` : nothing}
      </p>
    `;
  }

  private deletion(texts: Texts): TemplateResult {
    return html`
      <div class="deletion" role="group" aria-label=${texts.deleteAsk}>
        <p>${texts.deleteAsk}</p>
        <div class="row">
          <button type="button" class="choice danger" @click=${() => this.finishDeleting(true)}>${texts.deleteYes}</button>
          <button type="button" class="choice keep" @click=${() => this.finishDeleting(false)}>${texts.deleteNo}</button>
        </div>
      </div>
    `;
  }

  private get around(): Around {
    const { conversation } = this;
    return {
      texts: this.texts,
      locale: this.dateLocale,
      language: conversation.about?.language ?? "",
      phone: this.phone,
      emergency: conversation.about?.emergency ?? "",
      server: this.shell.server,
      isBusy: conversation.isBusy,
      choose: (entry, choice) => void conversation.ask(choice.title, { entry, made: choice }),
      retry: (entry) => {
        // The button goes away with the problem, and would take the focus along.
        this.focusStart();
        void conversation.retry(entry);
      },
      vote: (entry, vote) => void this.vote(entry, vote),
      openDay: (entry) => this.days.get(entry.id) ?? dayOfChoice(entry),
      setDay: (entry, day) => { this.days.set(entry.id, day); this.requestUpdate(); },
    };
  }

  private async vote(entry: Entry, vote: "up" | "down"): Promise<void> {
    const { texts } = this;
    const isSaved = await this.conversation.vote(entry, vote);
    this.status = isSaved ? texts.thanks : texts.voteFailed;
    this.requestUpdate();
  }

  private start(starter: Choice): void {
    // The starters go away, and would take the focus along.
    this.focusStart();
    void this.conversation.ask(starter.title, { made: starter });
  }

  private submit(event: Event): void {
    event.preventDefault();
    const input = this.renderRoot.querySelector("textarea");
    const text = input?.value.trim() ?? "";
    if (!input || !text || this.conversation.isBusy) return;
    input.value = "";
    fitHeight(input);
    void this.conversation.ask(text);
  }

  private sendOnEnter(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  private askToDelete(): void {
    this.isDeleting = true;
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".keep")?.focus());
  }

  private finishDeleting(isWanted: boolean): void {
    this.isDeleting = false;
    if (isWanted) void this.delete();
    this.status = "";
    this.requestUpdate();
    void this.updateComplete.then(() => this.focusStart());
  }

  private async delete(): Promise<void> {
    const isGone = await this.conversation.clear();
    this.note = isGone ? "" : this.texts.deleteFailed;
    this.status = isGone ? this.texts.deleted : "";
    this.requestUpdate();
  }

  /** On a touch screen the keyboard would cover the greeting, so the focus goes to the conversation there. */
  private focusStart(): void {
    const input = this.renderRoot.querySelector("textarea");
    const start = matchMedia("(pointer: fine)").matches && input ? input : this.find("log");
    start?.focus({ preventScroll: true });
  }

  private keepFocusInside(event: KeyboardEvent): void {
    // Where the panel covers the page, whoever tabs out of it would be lost behind it.
    if (event.key !== "Tab" || !matchMedia(SMALL_SCREEN).matches) return;
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>("a[href], button, textarea, summary, [tabindex='0']")]
      .filter((stop) => stop.tabIndex >= 0 && stop.getClientRects().length > 0);
    const [first, last] = [stops[0], stops.at(-1)];
    const [from, to] = event.shiftKey ? [first, last] : [last, first];
    if (this.shadowRoot?.activeElement !== from) return;
    event.preventDefault();
    to?.focus();
  }

  private fitKeyboard(): void {
    const height = visualViewport && visualViewport.scale === 1 ? `${visualViewport.height}px` : "";
    this.parentElement?.style.setProperty("--visible-height", height);
  }

  private find(name: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`.${name}`);
  }
}

/** The day of the time that was picked, after a reload too; the first one before that. */
function dayOfChoice({ appointment, chosen }: Entry): number {
  const found = appointment?.days.findIndex(({ times }) => times.some(({ payload }) => payload === chosen)) ?? 0;
  return Math.max(found, 0);
}

function fitHeight(input: HTMLTextAreaElement): void {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}
