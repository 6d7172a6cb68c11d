import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../base/database.ts';
import { blockColumns, blockRows, columns, rows } from './picture-facts.ts';
import { noMemory } from './picture-memory.ts';
import type { PictureMemory } from './picture-memory.ts';

type Tables = { picture_memories: { camera_id: string; focus: string; recent: string; views: string } };

const cells = packed(columns * rows).transform((bytes) => new Uint8Array(bytes));
const blocks = packed(blockColumns * blockRows * 2).transform((bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(at * 2, true));
});
const focusText = z.array(z.number()).max(100);
const recentText = z.array(z.object({ cells, blocks, takenAtMs: z.number() })).max(10);
const viewsText = z
  .array(
    z.object({
      snapshotId: z.string(),
      takenAtMs: z.number(),
      confirmed: z.boolean(),
      luma: z.number(),
      drift: z.object({ x: z.number(), y: z.number() }),
      cells,
    }),
  )
  .max(20);

/** Memories of cameras in their table, some 100 kB each; a restart forgets nothing. */
export class MemoryStore {
  readonly #database: Kysely<Tables>;

  constructor(database: Database) {
    this.#database = database.withTables<Tables>();
  }

  /** A row that this program did not write counts as none: judging begins anew. */
  async get(cameraId: string): Promise<PictureMemory> {
    const row = await this.#database
      .selectFrom('picture_memories')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();
    return row ? readMemory(row) : noMemory;
  }

  /** Writes only what has changed since `before`: references are large and seldom new. */
  async put(cameraId: string, memory: PictureMemory, before: PictureMemory): Promise<void> {
    const { focus, recent } = textOf(memory);
    const views = memory.views === before.views ? undefined : viewsOf(memory);
    await this.#database
      .insertInto('picture_memories')
      .values({ camera_id: cameraId, focus, recent, views: views ?? viewsOf(memory) })
      .onConflict((conflict) =>
        conflict.column('camera_id').doUpdateSet({ focus, recent, ...(views !== undefined && { views }) }),
      )
      .execute();
  }

  async forget(cameraId: string): Promise<void> {
    await this.#database.deleteFrom('picture_memories').where('camera_id', '=', cameraId).execute();
  }
}

/** Reads a row's texts; `noMemory` where one is not what `put` writes. */
export function readMemory(row: { focus: string; recent: string; views: string }): PictureMemory {
  try {
    return {
      focus: focusText.parse(JSON.parse(row.focus)),
      recent: recentText.parse(JSON.parse(row.recent)),
      views: viewsText.parse(JSON.parse(row.views)),
    };
  } catch {
    return noMemory;
  }
}

function textOf({ focus, recent }: PictureMemory): { focus: string; recent: string } {
  return {
    focus: JSON.stringify(focus.map((value) => Math.round(value * 1000) / 1000)),
    recent: JSON.stringify(
      recent.map(({ takenAtMs, ...one }) => ({
        takenAtMs,
        cells: base64(one.cells),
        blocks: base64(littleEndian(one.blocks)),
      })),
    ),
  };
}

function viewsOf({ views }: PictureMemory): string {
  return JSON.stringify(views.map((view) => ({ ...view, cells: base64(view.cells) })));
}

function packed(byteLength: number) {
  return z
    .string()
    .max(byteLength * 2)
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length === byteLength);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function littleEndian(values: Uint16Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 2));
  for (const [at, value] of values.entries()) bytes.setUint16(at * 2, value, true);
  return new Uint8Array(bytes.buffer);
}
