/** Turns the addresses and phone numbers in a text into links; everything else stays text. */

import { html, type TemplateResult } from "lit";
import { phoneLink } from "../shared/texts";

const ADDRESS = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const INTERNATIONAL = /\+\d[\d ()-]{6,}\d/;
const LINKS = new RegExp(`(${ADDRESS.source})|(${EMAIL.source})|(${INTERNATIONAL.source})`, "g");

/** A number to dial: at least three digits, and not an amount of something. */
const DIALLED = /(?<![\d£$€.,/+-])\+?\d(?:[ -]?\d){2,14}(?![\d%]|[.,]\d|\s?(?:mg|ml|mm|cm|hours?|minutes?|days?|weeks?))/g;

/** Returns a text with its links. */
export function richText(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let end = 0;
  for (const match of text.matchAll(LINKS)) {
    const [found, address, email] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    parts.push(link(found, address, email));
    end = match.index + found.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

function link(found: string, address: string | undefined, email: string | undefined): TemplateResult {
  if (address) return html`<a href=${address} target="_blank" rel="noopener noreferrer">${found}</a>`;
  return html`<a href=${email ? `mailto:${email}` : phoneLink(found)}>${found}</a>`;
}

/** Returns the numbers that an emergency reply tells to call, each once, in its order; at most three. */
export function numbersToCall(text: string): string[] {
  return [...new Set([...text.matchAll(DIALLED)].map(([number]) => number.trim()))].slice(0, 3);
}

/** Returns an address that may be linked to, or null; only web addresses are. */
export function webAddress(text: string, base?: string): string | null {
  try {
    const address = new URL(text || "about:blank", base);
    return address.protocol === "https:" || address.protocol === "http:" ? address.href : null;
  } catch {
    return null;
  }
}
