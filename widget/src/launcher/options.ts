/** What the site's owner has set, read from the attributes of `<frontdesk-chat>`. */

import type { Options } from "../shared/types";

export const OPTION_NAMES = [
  "name", "greeting", "locale", "theme", "position", "color", "phone", "privacy", "label",
] as const satisfies readonly (keyof Options)[];

function oneOf<Value extends string>(values: readonly Value[], text: string): Value {
  return values.find((value) => value === text) ?? (values[0] as Value);
}

/** Reads the options of an element; what cannot be used becomes the default. */
export function readOptions(element: Element): Options {
  const text = (name: string) => element.getAttribute(name)?.trim() ?? "";
  return {
    name: text("name"),
    greeting: text("greeting"),
    locale: text("locale") || document.documentElement.lang || "en",
    theme: oneOf(["auto", "light", "dark"], text("theme")),
    position: oneOf(["end", "start", "left", "right"], text("position")),
    color: text("color"),
    phone: text("phone"),
    privacy: /^https?:$/.test(protocol(text("privacy"))) ? text("privacy") : "",
    label: text("label"),
  };
}

function protocol(address: string): string {
  try {
    return address && new URL(address, document.baseURI).protocol;
  } catch {
    return "";
  }
}

/** Returns the channel's address from that of the script: all before `/widget.js` or `/widget/<file>`. */
export function serverOf(script: string): string {
  return script.replace(/[?#].*$/, "").replace(/\/widget(\.js|\/[^/]*)$/, "");
}
