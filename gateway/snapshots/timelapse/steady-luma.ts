/** Pictures on each side that a picture is steadied by. */
const REACH = 6;
const LUMA_STEPS = 256;
/** A night picture is not to be torn up to day, nor its noise: the curve bends no farther than this. */
const MOST_BEND = 2;

/**
 * The brightness (mean luminance, 0 to 255) that each picture is to have: a weighted mean of its neighbours, nearer ones
 * counting more, so that flicker goes and the course of the day stays.
 */
export function steadyLuma(lumas: readonly number[]): number[] {
  return lumas.map((_own, at) => {
    let sum = 0;
    let weights = 0;
    for (let other = at - REACH; other <= at + REACH; other += 1) {
      const luma = lumas[other];
      if (luma === undefined) continue;
      const weight = REACH + 1 - Math.abs(other - at);
      sum += luma * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : sum / weights;
  });
}

/**
 * A tone curve (0 to 255 in each place) that brings the mean luminance of RGB bytes to the target: a power function,
 * which keeps black, white and all detail between them. Found on the picture's own histogram.
 */
export function toneCurve(rgb: Uint8Array, targetLuma: number): Uint8Array {
  const histogram = lumaHistogram(rgb);
  let low = Math.log(1 / MOST_BEND);
  let high = Math.log(MOST_BEND);
  for (let step = 0; step < 16; step += 1) {
    const middle = (low + high) / 2;
    // A larger exponent makes darker.
    if (meanThrough(histogram, Math.exp(middle)) > targetLuma) low = middle;
    else high = middle;
  }
  const exponent = Math.exp((low + high) / 2);
  return Uint8Array.from({ length: LUMA_STEPS }, (_zero, value) => Math.round(bent(value, exponent)));
}

function bent(value: number, exponent: number): number {
  return 255 * (value / 255) ** exponent;
}

/** BT.601 weights, as the stored luminance is measured; one pixel in seven tells enough. */
function lumaHistogram(rgb: Uint8Array): Uint32Array {
  const histogram = new Uint32Array(LUMA_STEPS);
  for (let at = 0; at + 2 < rgb.length; at += 21) {
    const luma = 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
    const step = Math.round(luma);
    histogram[step] = (histogram[step] ?? 0) + 1;
  }
  return histogram;
}

function meanThrough(histogram: Uint32Array, exponent: number): number {
  let sum = 0;
  let count = 0;
  for (const [value, times] of histogram.entries()) {
    sum += times * bent(value, exponent);
    count += times;
  }
  return count === 0 ? 0 : sum / count;
}
