/** Colours that can be read: made from the brand colour, whatever that is. */

type Rgb = readonly [number, number, number];

/** Least contrast of text, WCAG 2.2 level AA. */
const READABLE = 4.5;
/** Least contrast of brand-coloured text; on dark ground the least looks dull. */
const COMFORTABLE = { light: 5, dark: 8 };
const DEFAULT: Rgb = [37, 83, 71];
const WHITE: Rgb = [255, 255, 255];
const INK: Rgb = [18, 24, 26];
/** What brand-coloured text stands on; the same as `--surface` and `--bubble` in panel.css, whichever is harder. */
const SURFACES = { light: [238, 242, 240] as Rgb, dark: [39, 47, 49] as Rgb };

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function css(colour: Rgb): string {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}

function mixed(colour: Rgb, other: Rgb, share: number): Rgb {
  return colour.map((part, index) => part + ((other[index] ?? 0) - part) * share) as unknown as Rgb;
}

/** Moves a colour towards black or white until text of it can be read on a ground. */
function readableOn(ground: Rgb, colour: Rgb, least = READABLE): Rgb {
  const goal = luminance(ground) > 0.2 ? INK : WHITE;
  let share = 0;
  while (share < 1 && contrast(mixed(colour, goal, share), ground) < least) share += 0.05;
  return mixed(colour, goal, Math.min(share, 1));
}

function parsed(text: string, probe: HTMLElement): Rgb {
  probe.style.color = "";
  probe.style.color = text.trim();
  const numbers = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/.exec(probe.style.color && getComputedStyle(probe).color);
  return numbers ? [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])] : DEFAULT;
}

/**
 * Returns the custom properties for a brand colour.
 *
 * @param text - any CSS colour; what is none becomes the default.
 * @param probe - an element of the page's own, used to let the browser read the colour.
 */
export function palette(text: string, probe: HTMLElement, theme: "light" | "dark"): Record<string, string> {
  const brand = parsed(text, probe);
  const onBrand = contrast(brand, WHITE) >= READABLE || contrast(brand, WHITE) >= contrast(brand, INK) ? WHITE : INK;
  return {
    "--brand": css(readableOn(onBrand, brand)),
    "--on-brand": css(onBrand),
    "--accent": css(readableOn(SURFACES[theme], brand, COMFORTABLE[theme])),
  };
}
