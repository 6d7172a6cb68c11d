/** A grey picture, row by row; width and height must be powers of two. */
export interface GreyPicture {
  width: number;
  height: number;
  pixels: Float32Array;
}

/** How far the second picture lies from the first, in pixels. */
export interface GlobalShift {
  x: number;
  y: number;
}

/**
 * The one shift that lays `second` on `first` best, by phase correlation (Kuglin and Hines 1975): light and contrast do not
 * matter, and parts that have changed only lower the peak. Right within half the picture's size.
 */
export function globalShift(first: GreyPicture, second: GreyPicture): GlobalShift {
  const { width, height } = first;
  const a = spectrumOf(first);
  const b = spectrumOf(second);
  for (let at = 0; at < a.real.length; at += 1) {
    const ar = a.real[at] ?? 0;
    const ai = a.imaginary[at] ?? 0;
    const br = b.real[at] ?? 0;
    const bi = b.imaginary[at] ?? 0;
    const real = br * ar + bi * ai;
    const imaginary = bi * ar - br * ai;
    const size = Math.hypot(real, imaginary) || 1;
    // Fine detail is mostly noise and compression; what moves together is coarser.
    const weight = lowPass(at % width, Math.floor(at / width), width, height);
    a.real[at] = (real / size) * weight;
    a.imaginary[at] = (imaginary / size) * weight;
  }
  transform2d(a.real, a.imaginary, width, height, true);
  return peakOf(a.real, width, height);
}

function lowPass(u: number, v: number, width: number, height: number): number {
  const x = Math.min(u, width - u) / (width / 2);
  const y = Math.min(v, height - v) / (height / 2);
  return Math.exp(-4 * (x * x + y * y));
}

function spectrumOf({ width, height, pixels }: GreyPicture): { real: Float64Array; imaginary: Float64Array } {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const real = new Float64Array(width * height);
  // A Hann window: the picture's edges are no edges of the scene.
  for (let y = 0; y < height; y += 1) {
    const tall = Math.sin((Math.PI * (y + 0.5)) / height) ** 2;
    for (let x = 0; x < width; x += 1) {
      const wide = Math.sin((Math.PI * (x + 0.5)) / width) ** 2;
      real[y * width + x] = ((pixels[y * width + x] ?? 0) - mean) * tall * wide;
    }
  }
  const imaginary = new Float64Array(width * height);
  transform2d(real, imaginary, width, height, false);
  return { real, imaginary };
}

/** The highest value with the fraction of a pixel that its neighbours tell. */
function peakOf(surface: Float64Array, width: number, height: number): GlobalShift {
  let best = 0;
  for (let at = 1; at < surface.length; at += 1) if ((surface[at] ?? 0) > (surface[best] ?? 0)) best = at;
  const x = best % width;
  const y = Math.floor(best / width);
  const at = (column: number, row: number): number =>
    surface[((row + height) % height) * width + ((column + width) % width)] ?? 0;
  const dx = x + parabola(at(x - 1, y), at(x, y), at(x + 1, y));
  const dy = y + parabola(at(x, y - 1), at(x, y), at(x, y + 1));
  return {
    x: dx > width / 2 ? dx - width : dx,
    y: dy > height / 2 ? dy - height : dy,
  };
}

function parabola(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (before - after)) / bend));
}

function transform2d(
  real: Float64Array,
  imaginary: Float64Array,
  width: number,
  height: number,
  inverse: boolean,
): void {
  for (let y = 0; y < height; y += 1) transform(real, imaginary, y * width, 1, width, inverse);
  for (let x = 0; x < width; x += 1) transform(real, imaginary, x, width, height, inverse);
  if (!inverse) return;
  const size = width * height;
  for (let at = 0; at < size; at += 1) {
    real[at] = (real[at] ?? 0) / size;
    imaginary[at] = (imaginary[at] ?? 0) / size;
  }
}

/** Fast Fourier transform in place (Cooley and Tukey, radix 2) of `length` values that lie `stride` apart from `start`. */
function transform(
  real: Float64Array,
  imaginary: Float64Array,
  start: number,
  stride: number,
  length: number,
  inverse: boolean,
): void {
  const place = (index: number): number => start + index * stride;
  reverseBits(real, imaginary, place, length);
  const { cosines, sines } = turnsOf(length);
  const sign = inverse ? 1 : -1;
  for (let span = 2; span <= length; span <<= 1) {
    const step = length / span;
    for (let first = 0; first < length; first += span) {
      for (let index = 0; index < span / 2; index += 1) {
        const low = place(first + index);
        const high = place(first + index + span / 2);
        const cos = cosines[index * step] ?? 0;
        const sin = sign * (sines[index * step] ?? 0);
        const r = (real[high] ?? 0) * cos - (imaginary[high] ?? 0) * sin;
        const i = (real[high] ?? 0) * sin + (imaginary[high] ?? 0) * cos;
        real[high] = (real[low] ?? 0) - r;
        imaginary[high] = (imaginary[low] ?? 0) - i;
        real[low] = (real[low] ?? 0) + r;
        imaginary[low] = (imaginary[low] ?? 0) + i;
      }
    }
  }
}

/** Brings the values into the order in which the passes take them. */
function reverseBits(
  real: Float64Array,
  imaginary: Float64Array,
  place: (index: number) => number,
  length: number,
): void {
  for (let index = 1, twin = 0; index < length; index += 1) {
    let bit = length >> 1;
    for (; twin & bit; bit >>= 1) twin ^= bit;
    twin ^= bit;
    if (index < twin) {
      swap(real, place(index), place(twin));
      swap(imaginary, place(index), place(twin));
    }
  }
}

const turns = new Map<number, { cosines: Float64Array; sines: Float64Array }>();

/** The first half turn in `length / 2` steps; kept, for lengths are few. */
function turnsOf(length: number): { cosines: Float64Array; sines: Float64Array } {
  const known = turns.get(length);
  if (known) return known;
  const angles = Float64Array.from({ length: length / 2 }, (_, index) => (2 * Math.PI * index) / length);
  const made = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
  turns.set(length, made);
  return made;
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a] ?? 0;
  values[a] = values[b] ?? 0;
  values[b] = kept;
}
