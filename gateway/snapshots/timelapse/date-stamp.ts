import sharp from 'sharp';
import { localTime } from '../../base/local-time.ts';

/** A small picture with transparency: RGBA, row by row. */
export interface Stamp {
  rgba: Buffer;
  width: number;
  height: number;
}

/** Strokes on a grid 6 wide and 10 high: drawn by us, so that they show on machines without any font. */
const STROKES: Readonly<Record<string, string>> = {
  '0': 'M3 0C1 0 0 1.6 0 5S1 10 3 10 6 8.4 6 5 5 0 3 0Z',
  '1': 'M1 2 3.4 0V10',
  '2': 'M.2 2.6C.4 1 1.6 0 3.1 0 4.8 0 5.9 1.1 5.9 2.7 5.9 4 5.2 4.8 4 6L0 10H6',
  '3': 'M.3 1.6C.9.6 1.8 0 3 0 4.7 0 5.7 1 5.7 2.5S4.6 4.8 2.6 4.8C4.9 4.8 6 5.7 6 7.3 6 9 4.8 10 3 10 1.6 10 .6 9.4 0 8.2',
  '4': 'M4.6 10V0L0 7H6.2',
  '5': 'M5.4 0H1L.5 4.6C1.2 4 2 3.7 3 3.7 4.8 3.7 6 4.9 6 6.8 6 8.8 4.8 10 3 10 1.6 10 .5 9.4 0 8.2',
  '6': 'M5.3 1.2C4.7.4 4 0 3.1 0 1 0 0 2 0 5.6V6.8C0 8.8 1.2 10 3 10S6 8.8 6 6.9 4.8 3.9 3.1 3.9C1.5 3.9.3 4.8 0 6.2',
  '7': 'M0 0H6L2.2 10',
  '8': 'M3 4.7C1.4 4.7.5 3.8.5 2.4.5.9 1.5 0 3 0S5.5.9 5.5 2.4C5.5 3.8 4.6 4.7 3 4.7 1.1 4.7 0 5.7 0 7.3 0 9 1.2 10 3 10S6 9 6 7.3C6 5.7 4.9 4.7 3 4.7Z',
  '9': 'M.7 8.8C1.3 9.6 2 10 2.9 10 5 10 6 8 6 4.4V3.2C6 1.2 4.8 0 3 0S0 1.2 0 3.1 1.2 6.1 2.9 6.1C4.5 6.1 5.7 5.2 6 3.8',
  '-': 'M.8 5.2H5.2',
  ':': 'M3 3V3.01M3 7.4V7.41',
};
const ADVANCE = 8;
const PADDING = 4;

/** `2026-11-23 14:30`, the instant on the wall clock of the time zone. */
export function stampText(instantMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = localTime(instantMs, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** Draws digits, `-`, `:` and spaces, white on a dark plate, `digitPx` high. */
export async function drawStamp(text: string, digitPx: number): Promise<Stamp> {
  const scale = digitPx / 10;
  const gridWidth = text.length * ADVANCE - (ADVANCE - 6) + 2 * PADDING;
  const width = Math.round(gridWidth * scale);
  const height = Math.round((10 + 2 * PADDING) * scale);
  const strokes = Array.from(text, (character, index) => {
    const x = PADDING + index * ADVANCE;
    const path = STROKES[character];
    return path === undefined ? '' : `<path transform="translate(${x} ${PADDING})" d="${path}"/>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" rx="${2.4 * scale}" fill="#000" fill-opacity="0.5"/>` +
    `<g transform="scale(${scale})" fill="none" stroke="#fff" stroke-width="1.3" stroke-linecap="round"` +
    ` stroke-linejoin="round">${strokes.join('')}</g></svg>`;
  const rgba = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return { rgba, width, height };
}
