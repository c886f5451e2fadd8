// Owns how an installation's own colour becomes the accent of both themes: shifted until text on it and in it is legible.

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const DARK_SURFACE: Rgb = [21, 21, 23];
const LIGHT_SUNKEN: Rgb = [241, 241, 243];
/** WCAG AA for text, with a little to spare for rounding. */
const LEGIBLE = 4.6;
const STEP = 0.02;

export interface AccentTokens {
  readonly light: Readonly<Record<string, string>>;
  readonly dark: Readonly<Record<string, string>>;
}

/** Custom properties per theme for a colour such as `#3550c9`; null for what is none. */
export function accentTokens(hex: string): AccentTokens | null {
  const colour = readHex(hex);
  if (colour === null) return null;
  const button = towards(colour, [0, 0, 0], (one) => contrast(one, WHITE) >= LEGIBLE);
  const lightSoft = mix(colour, WHITE, 0.9);
  const darkSoft = mix(colour, DARK_SURFACE, 0.78);
  return {
    light: {
      '--accent': writeHex(button),
      '--accent-hover': writeHex(mix(button, [0, 0, 0], 0.14)),
      '--accent-contrast': '#ffffff',
      '--accent-text': writeHex(
        towards(button, [0, 0, 0], (one) =>
          [lightSoft, LIGHT_SUNKEN].every((on) => contrast(one, on) >= LEGIBLE),
        ),
      ),
      '--accent-soft': writeHex(lightSoft),
      '--accent-line': writeHex(mix(colour, WHITE, 0.68)),
    },
    dark: {
      '--accent': writeHex(button),
      '--accent-hover': writeHex(mix(button, [0, 0, 0], 0.1)),
      '--accent-contrast': '#ffffff',
      '--accent-text': writeHex(
        towards(colour, WHITE, (one) => [darkSoft, DARK_SURFACE].every((on) => contrast(one, on) >= LEGIBLE)),
      ),
      '--accent-soft': writeHex(darkSoft),
      '--accent-line': writeHex(mix(colour, DARK_SURFACE, 0.5)),
    },
  };
}

/** As WCAG 2 defines it, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

export function readHex(hex: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (match === null) return null;
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((digits) => Number.parseInt(digits, 16));
  return [red, green, blue];
}

function towards(from: Rgb, to: Rgb, isGood: (colour: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += STEP) {
    const colour = mix(from, to, share);
    if (isGood(colour)) return colour;
  }
  return to;
}

/** `share` 0 is all of `one`, 1 all of `other`. */
function mix(one: Rgb, other: Rgb, share: number): Rgb {
  const blend = (a: number, b: number) => Math.round(a + (b - a) * share);
  return [blend(one[0], other[0]), blend(one[1], other[1]), blend(one[2], other[2])];
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function writeHex(colour: Rgb): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
