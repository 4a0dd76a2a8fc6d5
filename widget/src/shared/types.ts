/** What the launcher and the panel, which are separate scripts, know of each other. */

/** A reply that the visitor can give with one press. */
export interface Choice {
  /** What is on the button. */
  title: string;
  /** What is sent, as if the visitor had typed it. */
  payload: string;
}

/** What the site's owner can set, as attributes of the script (`data-color`) or of the element (`color`). */
export interface Options {
  /** Name of the clinic, when it should not be the one in its profile. */
  name: string;
  /** First words of the assistant; that it is a machine is always said besides. */
  greeting: string;
  /** Language tag of the interface; without one, the page's. */
  locale: string;
  theme: "auto" | "light" | "dark";
  position: "end" | "start" | "left" | "right";
  /** Any CSS colour. */
  color: string;
  /** Phone number to show before the server could be asked for it. */
  phone: string;
  /** Address of the clinic's privacy notice. */
  privacy: string;
  /** Words on the launcher. */
  label: string;
}

/** Name of an event and what its listeners get; never anything that a visitor wrote. */
export interface Events {
  ready: Record<string, never>;
  open: Record<string, never>;
  close: Record<string, never>;
  message: Record<string, never>;
  reply: { outcome: string; topics: string[] };
  unread: { count: number };
  error: { code: string };
  delete: Record<string, never>;
}

export type Emit = <Name extends keyof Events>(name: Name, detail: Events[Name]) => void;

/** What the panel may ask of the launcher. */
export interface Shell {
  /** Address of the website channel, without a slash at its end. */
  readonly server: string;
  readonly options: Options;
  readonly starters: Choice[] | null;
  /** Whether the visitor is looking at the panel. */
  readonly isOpen: boolean;
  /** What the site's owner decided, else what the visitor's system prefers. */
  readonly theme: "light" | "dark";
  readonly unread: number;
  readonly emit: Emit;
  close(): void;
  setUnread(count: number): void;
}

/** What the launcher may ask of the panel. */
export interface Panel extends HTMLElement {
  shell: Shell;
  /** Called after the panel was shown. */
  opened(moveFocus: boolean): void;
  /** Called after an option has changed. */
  refresh(): void;
  ask(text: string): void;
  /** Deletes the conversation, here and on the server. */
  clear(): void;
}

export const PANEL_TAG = "frontdesk-panel";
