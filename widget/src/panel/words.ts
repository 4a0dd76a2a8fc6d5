/** The panel's words in the languages of the catalogue. */

import { closestLocale } from "../shared/texts";
import { panel as en } from "../texts/en.json";
import { panel as es } from "../texts/es.json";

export type Texts = typeof en & { lang: string };

const TEXTS = { en, es };

export function textsFor(tag: string): Texts {
  const lang = closestLocale(tag);
  return { ...TEXTS[lang], lang };
}
