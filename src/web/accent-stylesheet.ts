/** A colour in OKLCH: lightness 0 to 1, chroma, hue in degrees. */
type Oklch = { lightness: number; chroma: number; hue: number };

/** The grounds on which accents stand, the darkest of light paper and the lightest of dark: as in the theme's tokens. */
const lightGround: Oklch = { lightness: 0.959, chroma: 0.011, hue: 86 };
const darkGround: Oklch = { lightness: 0.235, chroma: 0.011, hue: 70 };

/** Above what WCAG asks of text (4.5), so that a link in the text is read like the text around it. */
const wantedContrast = 6;

/** Source: Björn Ottosson, "A perceptual color space for image processing". */
function toLinearRgb({ lightness, chroma, hue }: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The same colour with as much chroma as a screen of sRGB can show. */
function intoGamut(colour: Oklch): Oklch {
  let { chroma } = colour;
  while (chroma > 0 && toLinearRgb({ ...colour, chroma }).some((part) => part < -0.0005 || part > 1.0005))
    chroma -= 0.002;
  return { ...colour, chroma: Math.max(0, chroma) };
}

function luminance(colour: Oklch): number {
  const [red, green, blue] = toLinearRgb(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Source: WCAG 2.2, "contrast ratio". */
function contrast(one: Oklch, other: Oklch): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function findAccent(
  hue: number,
  ground: Oklch,
  { from, step, chroma }: { from: number; step: number; chroma: number },
): Oklch {
  let lightness = from;
  let colour = intoGamut({ lightness, chroma, hue });
  while (contrast(colour, ground) < wantedContrast && lightness > 0 && lightness < 1) {
    lightness += step;
    colour = intoGamut({ lightness, chroma, hue });
  }
  return colour;
}

function print({ lightness, chroma, hue }: Oklch): string {
  return `oklch(${(lightness * 100).toFixed(1)}% ${chroma.toFixed(3)} ${hue})`;
}

/**
 * The accent in light and in dark as CSS colours, each at least 6:1 against the theme's grounds, whatever the hue.
 * @param hue degrees on the OKLCH circle
 */
export function accentColours(hue: number): { light: string; dark: string } {
  return {
    light: print(findAccent(hue, lightGround, { from: 0.53, step: -0.005, chroma: 0.15 })),
    dark: print(findAccent(hue, darkGround, { from: 0.72, step: 0.005, chroma: 0.115 })),
  };
}

/** The stylesheet that gives the theme the owner's accent. Inline styles are forbidden on every page, so it has its own address. */
export function accentStylesheet(hue: number): string {
  const { light, dark } = accentColours(hue);
  return `@layer tokens {\n  :root {\n    --accent: light-dark(${light}, ${dark});\n  }\n}\n`;
}

/** Where that stylesheet is; the address changes with the colour and may be kept for ever. */
export function accentUrl(hue: number): string {
  return `/assets/accent.css?hue=${hue}`;
}
