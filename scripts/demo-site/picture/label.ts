import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import sharp from 'sharp';

/** A burnt-in text: coverage of white ink and of dark edge, each `width` × `height` bytes, and where it stands. */
export interface Label {
  left: number;
  top: number;
  width: number;
  height: number;
  ink: Uint8Array;
  edge: Uint8Array;
}

async function hasChineseFont(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('fc-list', [':lang=zh', 'family'], { timeout: 5000 });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
}

async function coverage(
  text: string,
  width: number,
  height: number,
  sizePx: number,
  strokePx: number,
): Promise<Uint8Array> {
  const escaped = text.replace(/[<>&]/g, ' ');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text x="${sizePx * 0.2}" y="${sizePx * 1.05}" font-family="sans-serif" font-weight="700" font-size="${sizePx}" fill="white" stroke="white" stroke-width="${strokePx}" stroke-linejoin="round">${escaped}</text></svg>`;
  const { data, info } = await sharp(Buffer.from(svg))
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Uint8Array.from({ length: width * height }, (_, i) => data[i * info.channels] ?? 0);
}

/** Draws a camera's position name for the bottom left corner; undefined where the machine has no Chinese font. */
export async function drawLabel(text: string, pictureHeight: number): Promise<Label | undefined> {
  if (text === '' || !(await hasChineseFont())) return undefined;
  const sizePx = Math.round(pictureHeight / 30);
  const width = Math.ceil((text.length + 1) * sizePx * 0.55 + sizePx * 6) & ~1;
  const height = Math.ceil(sizePx * 1.5) & ~1;
  const [ink, edge] = await Promise.all([
    coverage(text, width, height, sizePx, 0),
    coverage(text, width, height, sizePx, sizePx / 7),
  ]);
  const margin = Math.round(pictureHeight / 45) & ~1;
  return { left: margin, top: (pictureHeight - margin - height) & ~1, width, height, ink, edge };
}

/** Blends a label into a planar YUV 4:2:0 frame. */
export function putLabel(frame: Uint8Array, width: number, height: number, label: Label): void {
  const uAt = width * height;
  const vAt = uAt + uAt / 4;
  for (let y = 0; y < label.height; y += 1) {
    for (let x = 0; x < label.width; x += 1) {
      const ink = label.ink[y * label.width + x]! / 255;
      const edge = Math.max(ink, (label.edge[y * label.width + x]! / 255) * 0.75);
      if (edge === 0) continue;
      const at = (label.top + y) * width + label.left + x;
      frame[at] = frame[at]! * (1 - edge) + 235 * ink + 22 * (edge - ink);
      if (((x | y) & 1) !== 0) continue;
      const c = ((label.top + y) >> 1) * (width / 2) + ((label.left + x) >> 1);
      frame[uAt + c] = frame[uAt + c]! + (128 - frame[uAt + c]!) * edge;
      frame[vAt + c] = frame[vAt + c]! + (128 - frame[vAt + c]!) * edge;
    }
  }
}
