/** How long the parts of a list may be, in frames at the usual distance. */
export interface PartSize {
  /** Frames of the shortest part that is not the last of its segment. */
  least: number;
  /** Frames of the longest part. */
  most: number;
  /** PART-TARGET, s (RFC 8216bis, 4.4.3.7). */
  targetSec: number;
}

/** Aim of a part; a list's delay is three parts, so longer ones than usual are taken only where nothing else fits. */
const AIM_SEC = 0.31;
const SHORTEST_SEC = 0.24;
const LONGEST_USUAL_SEC = 0.34;
const LONGEST_SEC = 0.4;
/** Room above the least for uneven frames; full parts stay above 85 % of PART-TARGET (RFC 8216bis, 4.4.3.7). */
const ROOM = 1.1;
/** From this many frames on, room for one frame more. */
const FLEXIBLE_FROM = 7;
const FLEXIBLE_ROOM = 1.15;
/** hls.js takes a segment for whole when no more than 0.2 s are missing at its end, and may then wait for ever: a last part is longer. */
const LEAST_LAST_SEC = 0.24;

/** The parts for frames `frameSec` apart: near 0.3 s and, where the frames in a segment are known, so that none need end in a short part. */
export function choosePartSize(frameSec: number, segmentFrames: number | null): PartSize {
  const usual = sizeOf(Math.max(1, Math.round(AIM_SEC / frameSec)), frameSec);
  if (segmentFrames === null) return usual;
  const sizes: PartSize[] = [];
  for (let least = Math.ceil(SHORTEST_SEC / frameSec); least * frameSec <= LONGEST_SEC; least += 1) {
    const size = sizeOf(least, frameSec);
    if (endsWell(segmentFrames, size, frameSec)) sizes.push(size);
  }
  const away = ({ least }: PartSize): number => {
    const sec = least * frameSec;
    return Math.abs(sec - AIM_SEC) + (sec > LONGEST_USUAL_SEC ? LONGEST_SEC : 0);
  };
  return sizes.toSorted((a, b) => away(a) - away(b))[0] ?? usual;
}

/** Frames of the next part when `rest` frames remain in the segment; null: not known. */
export function nextPartFrames(rest: number | null, size: PartSize, frameSec: number): number {
  if (rest === null) return size.least;
  if (rest <= size.most) return rest;
  const lengths = Array.from({ length: size.most - size.least + 1 }, (_, index) => size.most - index);
  return (
    lengths.find((frames) => fills(rest - frames, size)) ??
    lengths.find((frames) => endsWell(rest - frames, size, frameSec)) ??
    size.least
  );
}

/** True when `rest` frames can be cut into parts of which the last is not a short one. */
export function endsWell(rest: number, size: PartSize, frameSec: number): boolean {
  const shortest = Math.min(size.least, Math.ceil(LEAST_LAST_SEC / frameSec));
  if (rest === 0) return true;
  for (let last = shortest; last <= size.most && last <= rest; last += 1) {
    if (fills(rest - last, size)) return true;
  }
  return false;
}

function sizeOf(least: number, frameSec: number): PartSize {
  const room = least < FLEXIBLE_FROM ? ROOM : FLEXIBLE_ROOM;
  const targetSec = Math.ceil(least * frameSec * room * 1000) / 1000;
  return { least, most: Math.max(least, Math.floor(targetSec / frameSec + 1e-6)), targetSec };
}

function fills(frames: number, { least, most }: PartSize): boolean {
  return Math.ceil(frames / most) * least <= frames;
}
