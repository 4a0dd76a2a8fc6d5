/** A conversation: what was said, what is under way, and what can be done about a failure. */

import type { Choice, Emit } from "../shared/types";
import { newId, readAbout, readMessages, type About, type Entry, type Problem } from "./model";
import { nothing, Store, type Kept } from "./store";
import { Failure, Transport } from "./transport";

/** A message that is waiting longer than this belongs to a page that was left. */
const ABANDONED_MS = 35_000;

export class Conversation {
  private kept: Kept;
  private readonly store: Store;
  private readonly transport: Transport;
  private readonly leaving = new AbortController();
  private timer = 0;

  /**
   * @param server - address of the website channel.
   * @param changed - called after every change, with the entries that the assistant has just added.
   */
  constructor(server: string, private readonly emit: Emit, private readonly changed: (added: Entry[]) => void) {
    this.store = new Store(server);
    this.transport = new Transport(server);
    this.kept = this.store.read();
    this.dropAbandoned();
    addEventListener("storage", (event) => this.follow(event), { signal: this.leaving.signal });
  }

  get entries(): readonly Entry[] {
    return this.kept.entries;
  }

  get about(): About | null {
    return this.kept.about;
  }

  get isBusy(): boolean {
    return this.kept.entries.some((entry) => entry.state === "waiting");
  }

  /** Ends the following of other tabs. */
  leave(): void {
    this.leaving.abort();
    clearTimeout(this.timer);
  }

  /** Asks the server who the clinic is; the first time, and again when that is long ago. */
  async introduce(): Promise<void> {
    if (this.about) return;
    try {
      const about = readAbout(await this.transport.about());
      this.update((kept) => (kept.about = about));
    } catch {
      // The conversation works without; what is missing is asked for at the next opening.
    }
  }

  async ask(text: string, choice?: { entry?: Entry; made: Choice }): Promise<void> {
    if (this.isBusy) return;
    const entry: Entry = { id: newId(), from: "visitor", text, at: Date.now(), state: "waiting" };
    if (choice) entry.payload = choice.made.payload;
    this.update((kept) => {
      const asking = kept.entries.find(({ id }) => id === choice?.entry?.id);
      if (asking && choice) asking.chosen = choice.made.payload;
      kept.entries.push(entry);
    });
    this.emit("message", {});
    await this.deliver(entry.id, entry.payload ?? text);
  }

  async retry(entry: Entry): Promise<void> {
    if (this.isBusy) return;
    this.edit(entry.id, (failed) => {
      failed.state = "waiting";
      failed.at = Date.now();
      delete failed.problem;
    });
    await this.deliver(entry.id, entry.payload ?? entry.text);
  }

  /** Rates an answer, or takes the rating back when it is given a second time; false when that failed. */
  async vote(entry: Entry, vote: "up" | "down"): Promise<boolean> {
    const before = entry.vote;
    const after = before === vote ? undefined : vote;
    this.edit(entry.id, (rated) => setVote(rated, after));
    try {
      const { facts = [], topics = [] } = entry;
      await this.transport.feedback(this.kept.token ?? "", { answer: entry.id, vote: after ?? null, facts, topics });
      return true;
    } catch {
      this.edit(entry.id, (rated) => setVote(rated, before));
      return false;
    }
  }

  /** Deletes the conversation here and on the server; false when the server could not be told. */
  async clear(): Promise<boolean> {
    const { token, about } = this.store.read();
    this.store.clear();
    this.kept = { ...nothing(), about: about ?? this.kept.about };
    this.emit("delete", {});
    this.changed([]);
    try {
      if (token) await this.transport.end(token);
      return true;
    } catch (error) {
      // One that the server no longer takes is gone there, too.
      return error instanceof Failure && error.status === 401;
    }
  }

  private async deliver(id: string, words: string): Promise<void> {
    try {
      const replies = readMessages(await this.converse(words));
      if (replies.length === 0) throw new Failure("broken", 200);
      // Deleted while it was under way: then the answer is not wanted either.
      if (!this.store.read().entries.some((entry) => entry.id === id)) return;
      this.update((kept) => {
        const asked = kept.entries.find((entry) => entry.id === id);
        if (asked) asked.state = "sent";
        kept.entries.push(...replies);
      }, replies);
      for (const { outcome = "", topics = [] } of replies) this.emit("reply", { outcome, topics });
    } catch (error) {
      const problem: Problem = error instanceof Failure ? error.problem : "broken";
      this.edit(id, (entry) => {
        entry.state = "failed";
        entry.problem = problem;
      });
      this.emit("error", { code: problem });
    }
  }

  private async converse(words: string): Promise<unknown> {
    const token = this.store.read().token ?? (await this.newToken());
    try {
      return await this.transport.message(token, words);
    } catch (error) {
      if (!(error instanceof Failure && error.status === 401)) throw error;
      return this.transport.message(await this.newToken(), words);
    }
  }

  private async newToken(): Promise<string> {
    const { session } = (await this.transport.session()) as { session?: unknown };
    if (typeof session !== "string") throw new Failure("broken", 200);
    this.update((kept) => {
      kept.token = session;
      kept.until = nothing(kept.about?.hours).until;
    });
    return session;
  }

  private edit(id: string, change: (entry: Entry) => void): void {
    this.update((kept) => {
      const entry = kept.entries.find((each) => each.id === id);
      if (entry) change(entry);
    });
  }

  private update(change: (kept: Kept) => void, added: Entry[] = []): void {
    this.kept = this.store.change(change);
    this.changed(added);
  }

  private follow(event: StorageEvent): void {
    if (event.key !== null && event.key !== this.store.key) return;
    const known = new Set(this.kept.entries.map(({ id }) => id));
    const about = this.kept.about;
    this.kept = this.store.read();
    this.kept.about ??= about;
    this.dropAbandoned();
    this.changed(this.kept.entries.filter((entry) => entry.from === "desk" && !known.has(entry.id)));
  }

  private dropAbandoned(): void {
    clearTimeout(this.timer);
    const waiting = this.kept.entries.filter((entry) => entry.state === "waiting");
    if (waiting.length === 0) return;
    if (waiting.every((entry) => Date.now() - entry.at < ABANDONED_MS)) {
      this.timer = window.setTimeout(() => this.dropAbandoned(), ABANDONED_MS);
      return;
    }
    for (const { id } of waiting) {
      this.edit(id, (entry) => {
        entry.state = "failed";
        entry.problem = "slow";
      });
    }
  }
}

function setVote(entry: Entry, vote: "up" | "down" | undefined): void {
  if (vote) entry.vote = vote;
  else delete entry.vote;
}
