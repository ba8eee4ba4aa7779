import { expect, test } from 'vitest';
import { accentColours, accentStylesheet } from '../../src/web/accent-stylesheet.ts';

/** Lightness, chroma, hue of `oklch(50% 0.1 20)`, as linear light by the CSS Color 4 matrices, written apart from the code under test. */
function luminance(css: string): number {
  const [, l = '', c = '', h = ''] = /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(css) ?? [];
  const angle = (Number(h) / 180) * Math.PI;
  const [L, a, b] = [Number(l) / 100, Number(c) * Math.cos(angle), Number(c) * Math.sin(angle)];
  const lms = [
    L + 0.3963377774 * a + 0.2158037573 * b,
    L - 0.1055613458 * a - 0.0638541728 * b,
    L - 0.0894841775 * a - 1.291485548 * b,
  ].map((part) => part ** 3) as [number, number, number];
  // The middle row of OKLab → XYZ (D65).
  return -0.0405757452 * lms[0] + 1.1122868033 * lms[1] - 0.0717110581 * lms[2];
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test('every hue gives an accent that can be read on paper and on raised grounds, in light and in dark', () => {
  for (let hue = 0; hue <= 360; hue += 5) {
    const { light, dark } = accentColours(hue);
    expect(contrast(light, 'oklch(98.3% 0.008 88)'), `hue ${hue} on light paper`).toBeGreaterThan(5.9);
    expect(contrast(light, 'oklch(95.9% 0.011 86)'), `hue ${hue} on raised light paper`).toBeGreaterThan(5.9);
    expect(contrast(dark, 'oklch(19% 0.009 70)'), `hue ${hue} on dark paper`).toBeGreaterThan(5.9);
    expect(contrast(dark, 'oklch(23.5% 0.011 70)'), `hue ${hue} on raised dark paper`).toBeGreaterThan(5.9);
  }
});

test('the accent keeps the hue that the owner chose', () => {
  expect(accentColours(28).light).toMatch(/ 28\)$/);
  expect(accentStylesheet(28)).toContain('--accent: light-dark(oklch(');
});
