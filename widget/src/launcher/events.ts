/** Listeners of the site's own scripts. */

import type { Emit, Events } from "../shared/types";

type Listener = (detail: never) => void;

export class Listeners {
  private readonly byName = new Map<string, Set<Listener>>();

  /** Adds a listener and returns what removes it again. */
  on(name: keyof Events, listener: Listener): () => void {
    const listeners = this.byName.get(name) ?? new Set();
    this.byName.set(name, listeners.add(listener));
    return () => this.off(name, listener);
  }

  off(name: keyof Events, listener: Listener): void {
    this.byName.get(name)?.delete(listener);
  }

  emit: Emit = (name, detail) => {
    for (const listener of [...(this.byName.get(name) ?? [])]) {
      try {
        listener(detail as never);
      } catch (error) {
        // A mistake in the site's own script must not keep a visitor from the chat.
        console.error(error);
      }
    }
  };
}
