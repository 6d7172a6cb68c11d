import type { VideoTrack } from '../media.ts';
import type { ParameterSetKind, VideoRules } from './video-rules.ts';

interface KnownSet {
  kind: ParameterSetKind;
  nal: Uint8Array;
}

/** More than a camera ever has; keeps a nonsense stream from filling the memory. */
const MAX_SETS = 32;

/** The parameter sets in force for one video stream, by kind and identifier; later ones take the place of earlier ones. */
export class ParameterSets {
  readonly #rules: VideoRules;
  #sets = new Map<string, KnownSet>();
  /** True when something changed since `settle()`. */
  changed = false;

  constructor(rules: VideoRules) {
    this.#rules = rules;
  }

  /** Takes the sets of one access unit or of the SDP; a full bundle takes the place of all that was known. */
  take(nals: readonly Uint8Array[]): void {
    const found = new Map<string, KnownSet>();
    for (const nal of nals) {
      const kind = this.#rules.parameterSetOf(this.#rules.typeOf(nal[0] ?? 0));
      if (!kind || found.size >= MAX_SETS) continue;
      const trimmed = withoutTrailingZeros(nal);
      found.set(`${kind}${this.#rules.parameterSetId(kind, trimmed)}`, { kind, nal: trimmed });
    }
    if (found.size === 0) return;
    const kinds = new Set([...found.values()].map(({ kind }) => kind));
    const full = this.#rules.required.every((kind) => kinds.has(kind));
    const next = full ? found : new Map([...this.#sets, ...found]);
    if (next.size > MAX_SETS || sameSets(next, this.#sets)) return;
    this.#sets = next;
    this.changed = true;
  }

  settle(): void {
    this.changed = false;
  }

  get complete(): boolean {
    return this.#rules.required.every((kind) => this.of(kind).length > 0);
  }

  of(kind: ParameterSetKind): Uint8Array[] {
    return [...this.#sets.values()].filter((set) => set.kind === kind).map((set) => set.nal);
  }

  all(): VideoTrack['parameterSets'] {
    return { vps: this.of('vps'), sps: this.of('sps'), pps: this.of('pps') };
  }
}

/** Cameras pad parameter sets with zeros, which belong to the byte stream and not to the NAL unit. */
function withoutTrailingZeros(nal: Uint8Array): Uint8Array {
  let end = nal.length;
  while (end > 1 && nal[end - 1] === 0) end -= 1;
  return nal.subarray(0, end);
}

function sameSets(a: ReadonlyMap<string, KnownSet>, b: ReadonlyMap<string, KnownSet>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { nal }] of a) {
    const other = b.get(key);
    if (!other || Buffer.compare(other.nal, nal) !== 0) return false;
  }
  return true;
}
