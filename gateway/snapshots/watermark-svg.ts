const LINE_SHARE_OF_HEIGHT = 0.026;
const LEAST_FONT_PX = 7;
/** The line with time, zone and hash takes about 30 times the font's size. */
const LONGEST_LINE_EM = 33;
const MOST_LINES = 6;
const MOST_CHARACTERS = 160;

/** An SVG of the picture's size in pixels with the lines at the lower left, white on a dark band; text is escaped. */
export function watermarkSvg(lines: readonly string[], width: number, height: number): string {
  const byShape = Math.min(height * LINE_SHARE_OF_HEIGHT, width / LONGEST_LINE_EM);
  const fontPx = Math.max(LEAST_FONT_PX, Math.round(byShape));
  const linePx = Math.round(fontPx * 1.45);
  const shown = lines.slice(0, MOST_LINES);
  const bandPx = linePx * shown.length + fontPx;
  const texts = shown.map((line, index) => {
    const y = height - bandPx + fontPx * 0.5 + linePx * index + fontPx;
    return `<text x="${fontPx}" y="${Math.round(y)}">${escapeXml(line)}</text>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect x="0" y="${height - bandPx}" width="${width}" height="${bandPx}" fill="#000" fill-opacity="0.45"/>` +
    `<g font-family="Noto Sans CJK SC, Noto Sans, sans-serif" font-size="${fontPx}" fill="#fff">${texts.join('')}</g></svg>`
  );
}

/** Text as XML character data; characters that XML 1.0 forbids (section 2.2) become spaces. */
function escapeXml(text: string): string {
  return Array.from(text.toWellFormed())
    .slice(0, MOST_CHARACTERS)
    .map((character) => (isForbidden(character.codePointAt(0) ?? 0) ? ' ' : character))
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function isForbidden(codePoint: number): boolean {
  return codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0) || (codePoint & 0xfffe) === 0xfffe;
}
