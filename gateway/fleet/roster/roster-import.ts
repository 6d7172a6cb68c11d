import { setImmediate } from 'node:timers/promises';
import { Emitter } from '../../base/emitter.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import { newId } from '../../base/new-id.ts';
import type { CameraCreate } from '../../contract/camera.ts';
import type { ImportProgress, ImportResult } from '../../contract/camera-import.ts';
import type { CameraRecord } from '../camera-record.ts';
import type { CredentialSetRecord } from '../credential-sets.ts';
import type { ProjectRecord } from '../project-record.ts';
import { findDoubles } from './find-doubles.ts';
import { mostRosterRows, readTable } from './read-table.ts';
import { rosterSheet } from './roster-sheet.ts';
import { RowReader } from './row-reader.ts';
import type { ReadRow } from './row-reader.ts';

/** Rows between two signs of life, for others' requests and for whoever watches. */
const BATCH = 50;

/** What an import is asked to do. */
export interface ImportOrder {
  file: Buffer;
  dryRun: boolean;
  partial: boolean;
  /** Projects that the caller sees; null means all. */
  projectIds: readonly string[] | null;
  /** Whom progress is told, and under which name. */
  ownerId: string;
  jobId?: string | undefined;
}

/** Progress with the one who is to hear of it. */
export interface OwnedProgress {
  ownerId: string;
  progress: ImportProgress;
}

/** What an import works on. */
export interface RosterImportOptions {
  logger: Logger;
  cameras: {
    all(): CameraRecord[];
    addUnread(
      bodies: readonly CameraCreate[],
      onAdded: (done: number) => Promise<void>,
    ): Promise<CameraRecord[]>;
  };
  projects: { all(): ProjectRecord[] };
  credentialSets: { all(): CredentialSetRecord[] };
  /** Whether the gateway may contact an address. */
  allows: (address: string) => boolean;
}

/**
 * Registers cameras from a spreadsheet as they stand there. No camera is contacted by the import itself: the prober looks
 * at each at once, eight at a time, and its light tells how it is. One for the gateway.
 */
export class RosterImport {
  readonly #options: RosterImportOptions;
  readonly #progress: Emitter<OwnedProgress>;
  /** Imports take turns: two at once could register one device twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RosterImportOptions) {
    this.#options = options;
    this.#progress = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of imports failed'),
    );
  }

  onProgress(listener: (told: OwnedProgress) => void): Unsubscribe {
    return this.#progress.subscribe(listener);
  }

  /** Throws `bad-request` (unreadable file) or `import-refused` with the rows: one is bad and `partial` was not asked for. */
  run(order: ImportOrder): Promise<ImportResult> {
    const mine = this.#turn.then(() => this.#import(order));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #import(order: ImportOrder): Promise<ImportResult> {
    const id = order.jobId ?? newId('imp');
    const tell = (state: ImportProgress['state'], done: number, total: number): void =>
      this.#progress.emit({
        ownerId: order.ownerId,
        progress: { id, kind: 'camera-import', state, done, total },
      });
    const rows = await this.#read(order);
    const good = rows.filter(({ body }) => body !== null);
    const failed = rows.length - good.length;
    const isRefused = failed > 0 && !order.partial;
    if (order.dryRun || isRefused) {
      tell(isRefused && !order.dryRun ? 'failed' : 'done', 0, rows.length);
      const result = resultOf(rows, new Map(), order.dryRun);
      if (order.dryRun) return result;
      throw new GatewayError(
        'import-refused',
        `${failed} of ${rows.length} rows are wrong, so nothing was written: mend them, or import the others with partial=1`,
        { details: { ...result } },
      );
    }
    tell('running', 0, good.length);
    const made = await this.#write(good, (done) => tell('running', done, good.length));
    tell('done', good.length, good.length);
    return resultOf(rows, made, false);
  }

  async #read({ file, projectIds }: ImportOrder): Promise<ReadRow[]> {
    const { projects, credentialSets, cameras, allows } = this.#options;
    const sheet = rosterSheet(await readTable(file));
    if (sheet.length === 0)
      throw new GatewayError('bad-request', 'the file has a header, but no row below it');
    if (sheet.length > mostRosterRows)
      throw new GatewayError('bad-request', `the file has more than ${mostRosterRows} rows: split it`);
    const seen = projects
      .all()
      .filter(({ id, archivedAtMs }) => archivedAtMs === null && (projectIds?.includes(id) ?? true));
    const context = { projects: seen, credentialSets: credentialSets.all(), cameras: cameras.all(), allows };
    const reader = new RowReader(context);
    const rows: ReadRow[] = [];
    for (const each of sheet) {
      rows.push(reader.read(each));
      if (rows.length % BATCH === 0) await setImmediate();
    }
    findDoubles(rows, context);
    return rows;
  }

  async #write(good: readonly ReadRow[], onDone: (done: number) => void): Promise<Map<ReadRow, string>> {
    const bodies = good.flatMap(({ body }) => (body === null ? [] : [body]));
    const made = await this.#options.cameras.addUnread(bodies, async (done) => {
      if (done % BATCH !== 0) return;
      onDone(done);
      await setImmediate();
    });
    return new Map(good.map((row, index) => [row, made[index]?.id ?? ''] as const));
  }
}

function resultOf(
  rows: readonly ReadRow[],
  made: ReadonlyMap<ReadRow, string>,
  dryRun: boolean,
): ImportResult {
  return {
    dryRun,
    total: rows.length,
    created: made.size,
    failed: rows.filter(({ errors }) => errors.length > 0).length,
    rows: rows.map((read) => ({
      row: read.row,
      ok: read.errors.length === 0,
      cameraId: made.get(read) ?? null,
      name: read.name,
      errors: read.errors,
    })),
  };
}
