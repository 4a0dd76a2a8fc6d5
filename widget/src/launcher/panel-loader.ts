/** Fetches the panel's script, once somebody wants to talk. */

import { PANEL_TAG } from "../shared/types";

/** How the widget's own script was included. */
export interface Inclusion {
  /** Address of the website channel. */
  server: string;
  /** The page's CSP nonce, when it uses one. */
  nonce: string;
  /** Whether the page checks the script's integrity. */
  isPinned: boolean;
}

let loading: Promise<void> | null = null;

/**
 * Loads the panel.
 *
 * @throws when it cannot be had; the next call tries again.
 */
export function loadPanel(inclusion: Inclusion): Promise<void> {
  if (customElements.get(PANEL_TAG)) return Promise.resolve();
  loading ??= fetchPanel(inclusion).catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function fetchPanel({ server, nonce, isPinned }: Inclusion): Promise<void> {
  try {
    await addScript(`${server}/widget/${PANEL_FILE}`, nonce, PANEL_INTEGRITY);
  } catch (error) {
    // After an update of the server, a copy of this script from a cache asks for a panel that is gone. A page that
    // pins the script wants exactly that panel or none.
    if (isPinned) throw error;
    await addScript(`${server}/widget/panel.js`, nonce, "");
  }
}

function addScript(address: string, nonce: string, integrity: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.crossOrigin = "anonymous";
    script.referrerPolicy = "no-referrer";
    if (nonce) script.nonce = nonce;
    if (integrity) script.integrity = integrity;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(address));
    script.src = address;
    document.head.append(script);
    script.remove();
  });
}
