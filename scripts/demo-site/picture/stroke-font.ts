/** Strokes of a character in a cell 4 wide and 8 high, each a run of x,y points. */
const strokes: Record<string, number[][]> = {
  '0': [[1, 0, 3, 0, 4, 1.2, 4, 6.8, 3, 8, 1, 8, 0, 6.8, 0, 1.2, 1, 0]],
  '1': [[0.8, 1.6, 2.2, 0, 2.2, 8]],
  '2': [[0, 1.6, 0.4, 0.5, 1.3, 0, 2.8, 0, 3.7, 0.6, 4, 1.7, 3.7, 3, 0, 8, 4, 8]],
  '3': [[0.2, 0, 3.9, 0, 1.8, 3.2, 2.9, 3.3, 3.7, 4.1, 4, 5.6, 3.7, 7.1, 2.8, 8, 1.1, 8, 0, 7]],
  '4': [[2.9, 8, 2.9, 0, 0, 5.6, 4.1, 5.6]],
  '5': [[3.7, 0, 0.4, 0, 0.2, 3.4, 1.4, 2.9, 2.7, 3, 3.7, 3.9, 4, 5.4, 3.7, 7, 2.7, 8, 1.1, 8, 0, 7.1]],
  '6': [
    [
      3.4, 0, 1.6, 1.2, 0.3, 3.6, 0, 5.6, 0.4, 7.2, 1.3, 8, 2.8, 8, 3.7, 7.1, 4, 5.6, 3.6, 4.2, 2.7, 3.5, 1.3,
      3.6, 0.1, 5.2,
    ],
  ],
  '7': [[0, 0, 4, 0, 1.5, 8]],
  '8': [
    [1.2, 0, 2.8, 0, 3.7, 0.8, 3.7, 2.8, 2.8, 3.7, 1.2, 3.7, 0.3, 2.8, 0.3, 0.8, 1.2, 0],
    [1.2, 3.7, 0, 4.9, 0, 7, 1.1, 8, 2.9, 8, 4, 7, 4, 4.9, 2.8, 3.7],
  ],
  '9': [
    [
      0.6, 8, 2.4, 6.8, 3.7, 4.4, 4, 2.4, 3.6, 0.8, 2.7, 0, 1.2, 0, 0.3, 0.9, 0, 2.4, 0.4, 3.8, 1.3, 4.5, 2.7,
      4.4, 3.9, 2.8,
    ],
  ],
  '-': [[0.5, 4, 3.5, 4]],
  ':': [
    [2, 2.3, 2, 2.5],
    [2, 6, 2, 6.2],
  ],
};

function distanceToSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - ax - dx * t, py - ay - dy * t);
}

/** A drawn character: for each pixel the share of white ink and of dark edge, 0–1, `width` × `height` row by row. */
export interface Glyph {
  width: number;
  height: number;
  ink: Float32Array;
  edge: Float32Array;
}

function distanceToStrokes(
  char: string,
  px: number,
  py: number,
  unit: number,
  left: number,
  top: number,
): number {
  let nearest = Infinity;
  for (const line of strokes[char] ?? []) {
    for (let i = 0; i + 3 < line.length; i += 2) {
      const ax = left + line[i]! * unit;
      const ay = top + line[i + 1]! * unit;
      const bx = left + line[i + 2]! * unit;
      const by = top + line[i + 3]! * unit;
      nearest = Math.min(nearest, distanceToSegment(px, py, ax, ay, bx, by));
    }
  }
  return nearest;
}

/** Draws a character (digits, '-', ':', ' ') into a cell of the given pixels; machines without fonts have this one. */
export function drawGlyph(char: string, width: number, height: number): Glyph {
  const pen = Math.max(1.35, height / 12.5);
  const rim = Math.max(1, height / 20);
  const unit = Math.min((width - 2 * (pen / 2 + rim)) / 4, (height - 2 * (pen / 2 + rim)) / 8);
  const left = (width - unit * 4) / 2;
  const top = (height - unit * 8) / 2;
  const ink = new Float32Array(width * height);
  const edge = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const d = distanceToStrokes(char, x + 0.5, y + 0.5, unit, left, top);
      ink[y * width + x] = Math.max(0, Math.min(1, pen / 2 - d + 0.5));
      edge[y * width + x] = Math.max(0, Math.min(1, pen / 2 + rim - d + 0.5)) * 0.75;
    }
  }
  return { width, height, ink, edge };
}
