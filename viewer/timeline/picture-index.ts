import type { Snapshot } from '../../gateway/contract/snapshot.ts';

/** Each verdict at the place of its code; the contract's `verdictCodes`. */
const VERDICTS: readonly Snapshot['quality']['verdict'][] = [
  'ok',
  'black',
  'overexposed',
  'blurred',
  'frozen',
  'covered',
  'moved',
];
export const OK = 0;
/** The contract's `snapshotFlags`. */
export const FLAG = { scheduled: 1, noted: 2, milestone: 4, picked: 8 } as const;

type Entry = [id: string, takenAtMs: number, verdict: number, luma: number, flags: number];

interface Columns {
  ids: string[];
  takenAtMs: Float64Array;
  verdict: Uint8Array;
  luma: Uint8Array;
  flags: Uint8Array;
}

/** Characters parsed in one go: about 2 ms of work. */
const SLICE_CHARACTERS = 200_000;

/** All pictures of a camera in order of time, in columns; never changes, a change gives a new one. */
export class PictureIndex {
  readonly ids: readonly string[];
  readonly takenAtMs: Float64Array;
  readonly verdict: Uint8Array;
  readonly luma: Uint8Array;
  readonly flags: Uint8Array;

  constructor(columns: Columns) {
    this.ids = columns.ids;
    this.takenAtMs = columns.takenAtMs;
    this.verdict = columns.verdict;
    this.luma = columns.luma;
    this.flags = columns.flags;
  }

  get length(): number {
    return this.ids.length;
  }

  /** The time of the picture at a place; NaN where there is none. */
  timeAt(place: number): number {
    return this.takenAtMs[place] ?? Number.NaN;
  }

  has(place: number, flag: number): boolean {
    return ((this.flags[place] ?? 0) & flag) !== 0;
  }

  /** The first place whose picture was taken at `atMs` or later; the length when there is none. */
  firstFrom(atMs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.takenAtMs[middle] ?? 0) < atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The place of the picture nearest to `atMs` with `fromMs` ≤ time < `toMs`; -1 when there is none. */
  nearest(atMs: number, fromMs = -Infinity, toMs = Infinity): number {
    const after = this.firstFrom(Math.max(atMs, fromMs));
    const before = this.firstFrom(Math.min(atMs, toMs)) - 1;
    const hasAfter = after < this.length && this.timeAt(after) < toMs;
    const hasBefore = before >= 0 && this.timeAt(before) >= fromMs;
    if (!hasAfter) return hasBefore ? before : -1;
    if (!hasBefore) return after;
    return atMs - this.timeAt(before) <= this.timeAt(after) - atMs ? before : after;
  }

  /** The place of a picture; -1 when it is not there. */
  placeOf(id: string): number {
    return this.ids.indexOf(id);
  }

  /** The index with a picture told of: a new one in its place, a known one with its new flags. */
  with(snapshot: Snapshot): PictureIndex {
    const atMs = Date.parse(snapshot.takenAt);
    const known = this.firstFrom(atMs);
    for (let place = known; this.timeAt(place) === atMs; place += 1) {
      if (this.ids[place] === snapshot.id) return this.#flagged(place, flagsOf(snapshot));
    }
    return this.#inserted(this.firstFrom(atMs + 1), snapshot, atMs);
  }

  #flagged(place: number, flags: number): PictureIndex {
    if (this.flags[place] === flags) return this;
    const changed = this.flags.slice();
    changed[place] = flags;
    return new PictureIndex({ ...this.#columns(), flags: changed });
  }

  #inserted(place: number, snapshot: Snapshot, atMs: number): PictureIndex {
    const with1 = <Column extends Float64Array | Uint8Array>(
      column: Column,
      grown: Column,
      value: number,
    ) => {
      grown.set(column.subarray(0, place));
      grown[place] = value;
      grown.set(column.subarray(place), place + 1);
      return grown;
    };
    const length = this.length + 1;
    const verdict = VERDICTS.indexOf(snapshot.quality.verdict);
    return new PictureIndex({
      ids: [...this.ids.slice(0, place), snapshot.id, ...this.ids.slice(place)],
      takenAtMs: with1(this.takenAtMs, new Float64Array(length), atMs),
      verdict: with1(this.verdict, new Uint8Array(length), verdict),
      luma: with1(this.luma, new Uint8Array(length), Math.round(snapshot.quality.luma)),
      flags: with1(this.flags, new Uint8Array(length), flagsOf(snapshot)),
    });
  }

  #columns(): Columns {
    const { takenAtMs, verdict, luma, flags } = this;
    return { ids: this.ids as string[], takenAtMs, verdict, luma, flags };
  }
}

/** The index of a camera without pictures. */
export const noPictures = indexOf([]);

/**
 * Reads the gateway's index from its text in slices with a `pause` in between, so that no hundred thousand pictures ever
 * hold up the page. Gives where the rest begins, null when this is all; throws SyntaxError when the text is no index.
 */
export async function readIndex(
  text: string,
  pause: () => Promise<void>,
): Promise<{ entries: Entry[]; nextFrom: string | null }> {
  const begin = text.indexOf('[') + 1;
  const end = text.lastIndexOf(']');
  const tail = JSON.parse(`{${text.slice(text.indexOf('"nextFrom"', end))}`) as { nextFrom: string | null };
  const entries: Entry[] = [];
  for (let from = begin; from < end;) {
    const cut = text.indexOf('],', from + SLICE_CHARACTERS);
    const to = cut < 0 || cut >= end ? end : cut + 1;
    for (const entry of JSON.parse(`[${text.slice(from, to)}]`) as Entry[]) entries.push(entry);
    from = to + 1;
    if (from < end) await pause();
  }
  return { entries, nextFrom: tail.nextFrom };
}

/** The index over entries in order of time. */
export function indexOf(entries: readonly Entry[]): PictureIndex {
  const columns: Columns = {
    ids: Array.from({ length: entries.length }, () => ''),
    takenAtMs: new Float64Array(entries.length),
    verdict: new Uint8Array(entries.length),
    luma: new Uint8Array(entries.length),
    flags: new Uint8Array(entries.length),
  };
  for (const [place, [id, takenAtMs, verdict, luma, flags]] of entries.entries()) {
    columns.ids[place] = id;
    columns.takenAtMs[place] = takenAtMs;
    columns.verdict[place] = verdict;
    columns.luma[place] = luma;
    columns.flags[place] = flags;
  }
  return new PictureIndex(columns);
}

function flagsOf({ scheduledFor, note, milestoneId, picked }: Snapshot): number {
  return (
    (scheduledFor === null ? 0 : FLAG.scheduled) |
    (note === null ? 0 : FLAG.noted) |
    (milestoneId === null ? 0 : FLAG.milestone) |
    (picked ? FLAG.picked : 0)
  );
}
