/** Choosing the language of the interface, and filling placeholders. */

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** Returns the language that comes closest to a tag such as `es-MX`; English when there is none. */
export function closestLocale(tag: string): Locale {
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === language) ?? "en";
}

/** Puts values into the `{names}` of a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|iw|ks|ku|ps|sd|ug|ur|yi)\b/i;

/** Returns the writing direction of a page: what it says, else what its language is written in. */
export function pageDirection(element: Element): "ltr" | "rtl" {
  if (getComputedStyle(element).direction === "rtl") return "rtl";
  return !document.documentElement.dir && RIGHT_TO_LEFT.test(document.documentElement.lang) ? "rtl" : "ltr";
}

/** Returns an address to call, such as `tel:+442079460018`. */
export function phoneLink(number: string): string {
  return `tel:${number.replace(/[^\d+]/g, "")}`;
}
