/** The conversation as this browser keeps it, shared by all tabs of the site. */

import type { About, Entry } from "./model";

export interface Kept {
  version: 1;
  /** Signed by the server; null before the first message. */
  token: string | null;
  entries: Entry[];
  about: About | null;
  /** Milliseconds since 1970, after which nothing of it is used any more. */
  until: number;
}

const MOST_ENTRIES = 120;
const HOUR_MS = 3_600_000;

export function nothing(hours = 12): Kept {
  return { version: 1, token: null, entries: [], about: null, until: Date.now() + hours * HOUR_MS };
}

export class Store {
  readonly key: string;
  /** Serves when the browser's storage is switched off or full; then a conversation lasts as long as the page. */
  private last = nothing();
  private canKeep = true;

  constructor(server: string) {
    this.key = `frontdesk:${server}`;
  }

  read(): Kept {
    if (!this.canKeep) return this.last;
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "null") as Kept | null;
      if (kept?.version === 1 && Array.isArray(kept.entries) && kept.until > Date.now()) return kept;
      localStorage.removeItem(this.key);
    } catch {
      // Not ours, or no storage at all: either way there is nothing to go on with.
    }
    return nothing();
  }

  /** Changes what is kept, on top of what other tabs have written in the meantime. */
  change(change: (kept: Kept) => void): Kept {
    const kept = this.read();
    change(kept);
    kept.entries = kept.entries.slice(-MOST_ENTRIES);
    this.last = kept;
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
      this.canKeep = true;
    } catch {
      this.canKeep = false;
    }
    return kept;
  }

  clear(): void {
    this.last = nothing();
    try {
      localStorage.removeItem(this.key);
    } catch {
      /* see above */
    }
  }
}
