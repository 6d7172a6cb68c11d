import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Blobs } from '../../base/blobs.ts';
import { toRfc3339 } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { EvidenceKey } from './evidence-key.ts';
import type { ChainEntry, EvidenceStore } from './evidence-store.ts';
import { exportReadme } from './export-readme.ts';
import { merklePath } from './merkle-tree.ts';
import { headLeaf } from './signed-texts.ts';
import { toEvidenceDay } from './to-evidence-day.ts';

/** Which pictures: `fromMs` ≤ time < `toMs`. */
export interface ExportSubject {
  cameraId: string;
  cameraName: string;
  projectName: string;
  fromMs: number;
  toMs: number;
}

/** Links are held while the ZIP is made, some hundred bytes each. */
const MOST_LINKS = 50_000;
const BATCH = 500;
const RAW = { compress: false, mode: 0o100644 } as const;

/**
 * Makes the bundle that a machine without Gantry can check: pictures, the links of their chain up to the next signed
 * place, signed days with the way from the chain to their root, the public key and `verify.mjs`. Pictures are read one
 * by one as the receiver takes them.
 */
export class EvidenceExport {
  readonly #blobs: Blobs;
  readonly #store: EvidenceStore;
  readonly #key: EvidenceKey;
  readonly #clock: Clock;

  constructor(options: { blobs: Blobs; store: EvidenceStore; key: EvidenceKey; clock: Clock }) {
    this.#blobs = options.blobs;
    this.#store = options.store;
    this.#key = options.key;
    this.#clock = options.clock;
  }

  async open(subject: ExportSubject): Promise<AsyncIterable<Uint8Array>> {
    const links = await this.#links(subject);
    const first = links.at(0);
    if (!first) throw new GatewayError('not-found', 'there are no pictures in this time: choose another one');
    const days = await this.#days(subject.cameraId, first.row.seq, links.at(-1)?.row.seq ?? 0);
    const head = await this.#store.head(subject.cameraId);
    const shown = links.filter((entry) => isWithin(entry, subject));
    const times = shown.map(({ row }) => row.taken_at_ms);
    const manifest = {
      format: 'gantry-evidence-bundle-1',
      madeAt: toRfc3339(this.#clock.now()),
      keyId: this.#key.keyId,
      camera: { id: subject.cameraId, name: subject.cameraName, project: subject.projectName },
      // Not the first and last: a clock that was set back leaves pictures out of order.
      from: toRfc3339(times.reduce((least, at) => Math.min(least, at))),
      to: toRfc3339(times.reduce((most, at) => Math.max(most, at))),
      pictures: shown.filter(({ kind }) => kind === 'picture').length,
      links: links.length,
      head: head && { seq: head.seq, id: head.id, chainHash: head.chain_hash, signature: head.signature },
      days,
    };
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(JSON.stringify(manifest, null, 2)), 'manifest.json');
    const linkTexts = links.map((entry) => JSON.stringify(linkOfEntry(entry, isWithin(entry, subject))));
    zip.addBuffer(Buffer.from(`${linkTexts.join('\n')}\n`), 'links.jsonl');
    zip.addBuffer(Buffer.from(this.#key.pem), 'public-key.pem');
    zip.addBuffer(await readFile(join(import.meta.dirname, 'verify.mjs')), 'verify.mjs');
    zip.addBuffer(Buffer.from(exportReadme(this.#key.keyId)), 'README.txt');
    for (const entry of shown) if (entry.kind === 'picture') this.#addPicture(zip, entry.row);
    zip.end();
    return zip.outputStream as Readable;
  }

  #addPicture(zip: ZipFile, row: { id: string; blob_key: string }): void {
    zip.addReadStreamLazy(pictureName(row.id), RAW, (give) => {
      this.#blobs.get(row.blob_key).then(
        // A file that is gone is an empty one here: the checking program names it.
        (bytes) => give(null, Readable.from([bytes ?? Buffer.alloc(0)], { objectMode: false })),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  }

  /** The links of the time asked for, and those up to the next place that is signed. */
  async #links(subject: ExportSubject): Promise<ChainEntry[]> {
    const { cameraId } = subject;
    const bounds = await this.#store.seqsBetween(cameraId, subject.fromMs, subject.toMs);
    if (!bounds) return [];
    const leaves = await this.#store.leavesOf(cameraId);
    const signedSeq = leaves.find(({ seq }) => seq >= bounds.lastSeq)?.seq;
    const endSeq = signedSeq ?? (await this.#store.head(cameraId))?.seq ?? bounds.lastSeq;
    if (endSeq - bounds.firstSeq >= MOST_LINKS) {
      throw new GatewayError(
        'too-large',
        `these are more than ${MOST_LINKS} pictures: ask for a shorter time, and more than once`,
      );
    }
    const links: ChainEntry[] = [];
    for (let afterSeq = bounds.firstSeq - 1; afterSeq < endSeq;) {
      const batch = await this.#store.chain(cameraId, afterSeq, BATCH);
      const last = batch.at(-1);
      if (!last) break;
      links.push(...batch.filter(({ row }) => row.seq <= endSeq));
      afterSeq = last.row.seq;
    }
    return links;
  }

  /** Signed days whose leaf of the camera lies on the links. */
  async #days(cameraId: string, firstSeq: number, lastSeq: number): Promise<unknown[]> {
    const days: unknown[] = [];
    for (const leaf of await this.#store.leavesOf(cameraId)) {
      if (leaf.seq < firstSeq || leaf.seq > lastSeq) continue;
      const day = await this.#store.day(leaf.date);
      if (!day) continue;
      const leaves = await this.#store.leaves(leaf.date);
      const hashes = leaves.map(({ camera_id, seq, chain_hash }) =>
        headLeaf({ cameraId: camera_id, seq, chainHash: chain_hash }),
      );
      const index = leaves.findIndex(({ camera_id }) => camera_id === cameraId);
      const path = merklePath(hashes, index);
      days.push({ ...toEvidenceDay(day), leaf: { seq: leaf.seq, chainHash: leaf.chain_hash, path } });
    }
    return days;
  }
}

function isWithin({ row }: ChainEntry, { fromMs, toMs }: ExportSubject): boolean {
  return row.taken_at_ms >= fromMs && row.taken_at_ms < toMs;
}

function pictureName(id: string): string {
  return `pictures/${id}.jpg`;
}

/** A link as the checking program reads it: exactly the fields that the chain hash covers, and where the picture lies. */
function linkOfEntry(entry: ChainEntry, isShown: boolean): object {
  const { row } = entry;
  const link = {
    seq: row.seq,
    prevHash: row.prev_hash,
    id: row.id,
    cameraId: row.camera_id,
    takenAt: toRfc3339(row.taken_at_ms),
    scheduledFor: row.scheduled_for_ms === null ? null : toRfc3339(row.scheduled_for_ms),
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    source: row.source,
    chainHash: row.chain_hash,
  };
  if (entry.kind === 'picture') return isShown ? { ...link, file: pictureName(row.id) } : link;
  const { removed_at_ms, policy, signature } = entry.row;
  return { ...link, removed: { removedAt: toRfc3339(removed_at_ms), policy, signature } };
}
