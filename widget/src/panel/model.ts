/** What a conversation consists of, and how replies of the server are read: nothing of them is trusted. */

import type { Choice } from "../shared/types";

export interface Source {
  title: string;
  organisation: string;
  url: string;
  date: string;
  reviewed: string;
}

/** Free appointments, by day. */
export interface Day {
  title: string;
  times: Choice[];
}

export interface Appointment {
  days: Day[];
  /** Address of a calendar file (.ics), or empty. */
  calendar: string;
}

/** One message in the log. */
export interface Entry {
  id: string;
  from: "visitor" | "desk";
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Of a visitor's message: what is sent, when it is not the text itself. */
  payload?: string;
  state?: "waiting" | "failed" | "sent";
  /** Why it failed, a key of `problems` in the texts. */
  problem?: Problem;
  outcome?: string;
  topics?: string[];
  facts?: string[];
  sources?: Source[];
  choices?: Choice[];
  appointment?: Appointment;
  /** Payload of the choice that was made; nothing can be chosen afterwards. */
  chosen?: string;
  vote?: "up" | "down";
}

/** What the widget asks the server once, at the first opening. */
export interface About {
  name: string;
  phone: string;
  emergency: string;
  language: string;
  characters: number;
  hours: number;
}

export type Problem = "offline" | "unreachable" | "slow" | "busy" | "long" | "refused" | "broken";

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

type Json = Record<string, unknown>;

function record(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown, fallback: number): number {
  return typeof value === "number" && value > 0 ? value : fallback;
}

function list<Item>(value: unknown, read: (item: unknown) => Item | null): Item[] {
  return Array.isArray(value) ? value.map(read).filter((item): item is Item => item !== null) : [];
}

const words = (value: unknown) => list(value, (item) => text(item) || null);

function choice(value: unknown): Choice | null {
  const { title, payload } = record(value);
  return text(title) ? { title: text(title), payload: text(payload) || text(title) } : null;
}

function source(value: unknown): Source | null {
  const found = record(value);
  const { title, organisation, url, date, reviewed } = found;
  if (!text(title)) return null;
  return {
    title: text(title), organisation: text(organisation), url: text(url), date: text(date), reviewed: text(reviewed),
  };
}

function day(value: unknown): Day | null {
  const { title, times } = record(value);
  const read = list(times, choice);
  return text(title) && read.length ? { title: text(title), times: read } : null;
}

/** Reads one message of a reply; null when there is nothing in it to show. */
export function readMessage(value: unknown): Entry | null {
  const message = record(value);
  const card = record(record(message["custom"])["appointment"]);
  const entry: Entry = {
    id: newId(),
    from: "desk",
    // A card says for itself what the text and the buttons of its message say without one.
    text: text(card["text"]) || text(message["text"]),
    at: Date.now(),
    outcome: text(message["outcome"]),
    topics: words(message["topics"]),
    facts: words(message["facts"]),
    sources: list(message["sources"], source),
    choices: list(card["buttons"] ?? message["buttons"], choice),
  };
  const appointment: Appointment = { days: list(card["days"], day), calendar: text(card["calendar"]) };
  if (appointment.days.length || appointment.calendar) entry.appointment = appointment;
  return entry.text || entry.appointment ? entry : null;
}

export function readMessages(value: unknown): Entry[] {
  return list(record(value)["messages"], readMessage);
}

export function readAbout(value: unknown): About {
  const about = record(value);
  return {
    name: text(about["name"]),
    phone: text(about["phone"]),
    emergency: text(about["emergency_number"]),
    language: text(about["language"]),
    characters: number(about["message_limit"], 1000),
    hours: number(about["session_hours"], 12),
  };
}
