import type { Scene } from './scene.ts';

/** Ways in which a camera's view goes wrong though the camera works. */
export const pictureEffects = ['covered', 'blurred', 'overexposed', 'moved'] as const;

/** One way in which a view goes wrong. */
export type PictureEffect = (typeof pictureEffects)[number];

/** A camera that was knocked looks this far aside. */
const turnDeg = 24;
const dropShare = 0.35;

/** The scene as a camera sees it that was turned away; unchanged for effects on the lens. */
export function turnedScene(scene: Scene, effect: PictureEffect | undefined): Scene {
  if (effect !== 'moved') return scene;
  const [ex, ey, ez] = scene.eye;
  const [tx, ty, tz] = scene.target;
  const angle = (turnDeg * Math.PI) / 180;
  const [dx, dy] = [tx - ex, ty - ey];
  const x = ex + dx * Math.cos(angle) - dy * Math.sin(angle);
  const y = ey + dx * Math.sin(angle) + dy * Math.cos(angle);
  return { ...scene, target: [x, y, tz + (ez - tz) * dropShare] };
}

/** Changes a frame (YUV 4:2:0, planes one after the other) as the lens would; rows above `topPx` stay. */
export function putEffect(
  frame: Buffer,
  width: number,
  height: number,
  effect: PictureEffect,
  topPx: number,
): void {
  const pixels = width * height;
  if (effect === 'overexposed') {
    for (let at = topPx * width; at < pixels; at += 1) frame[at] = 226 + Math.round(frame[at]! / 26);
    frame.fill(128, pixels + (topPx * width) / 4, (pixels * 5) / 4);
    frame.fill(128, (pixels * 5) / 4 + (topPx * width) / 4, (pixels * 3) / 2);
  } else if (effect === 'covered') {
    cover(frame, width, height, topPx);
  } else if (effect === 'blurred') {
    blur(frame.subarray(0, pixels), width, height, topPx, Math.round(width / 50));
    for (const start of [pixels, (pixels * 5) / 4])
      blur(
        frame.subarray(start, start + pixels / 4),
        width / 2,
        height / 2,
        topPx / 2,
        Math.round(width / 100),
      );
  }
}

/** A cloth close before the lens: dark, out of focus, a little lighter at one edge. */
function cover(frame: Buffer, width: number, height: number, topPx: number): void {
  const pixels = width * height;
  for (let y = topPx; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      frame[y * width + x] = Math.round(38 + (22 * x) / width + 10 * Math.sin((y / height) * 4));
  }
  frame.fill(126, pixels + (topPx * width) / 4, (pixels * 5) / 4);
  frame.fill(131, (pixels * 5) / 4 + (topPx * width) / 4, (pixels * 3) / 2);
}

/** Two box blurs each way, which come close to a lens out of focus. */
function blur(plane: Buffer, width: number, height: number, topPx: number, radius: number): void {
  for (let pass = 0; pass < 2; pass += 1) {
    for (let y = topPx; y < height; y += 1) blurLine(plane, y * width, 1, width, radius);
    for (let x = 0; x < width; x += 1) blurLine(plane, topPx * width + x, width, height - topPx, radius);
  }
}

function blurLine(plane: Buffer, start: number, step: number, count: number, radius: number): void {
  const line = Uint8Array.from({ length: count }, (_, index) => plane[start + index * step]!);
  const at = (index: number): number => line[Math.max(0, Math.min(count - 1, index))]!;
  let sum = 0;
  for (let index = -radius; index <= radius; index += 1) sum += at(index);
  for (let index = 0; index < count; index += 1) {
    plane[start + index * step] = Math.round(sum / (2 * radius + 1));
    sum += at(index + radius + 1) - at(index - radius);
  }
}
