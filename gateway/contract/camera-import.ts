import { z } from 'zod';
import { id } from './common.ts';

const flag = z
  .enum(['0', '1', 'true', 'false'])
  .default('0')
  .transform((text) => text === '1' || text === 'true');

/** Query of POST /api/v1/cameras/import. */
export const importQuery = z.strictObject({
  dryRun: flag.describe('1: only look; nothing is written'),
  partial: flag.describe('1: write the good rows although others are bad'),
  job: id.optional().describe('A name of the caller’s own for the progress events'),
});

/** Stable names of what can be wrong with a cell. */
export const importErrorCode = z.enum([
  'missing',
  'too-long',
  'unknown-project',
  'ambiguous-project',
  'unknown-credential-set',
  'bad-address',
  'bad-schedule',
  'bad-choice',
  'address-not-allowed',
  'two-addresses',
  'no-address',
  'two-sign-ins',
  'duplicate-in-file',
  'duplicate-name',
  'already-registered',
]);
export type ImportErrorCode = z.infer<typeof importErrorCode>;

/** One fault of one cell. */
export const importCellError = z.strictObject({
  column: z.string().describe('Header of the column as it stands in the file'),
  cell: z.string().nullable().describe('Such as C5; null when the file lacks the column'),
  code: importErrorCode,
  message: z.string().describe('Plain English'),
  values: z.record(z.string(), z.string()).describe('What the message names, for translations'),
});
export type ImportCellError = z.infer<typeof importCellError>;

/** One row with text in it. */
export const importRow = z.strictObject({
  row: z.number().int().describe('Number of the row as a spreadsheet counts; the header is 1 or later'),
  ok: z.boolean(),
  cameraId: id.nullable(),
  name: z.string(),
  errors: z.array(importCellError),
});
export type ImportRow = z.infer<typeof importRow>;

/** Reply of POST /api/v1/cameras/import. */
export const importResult = z.strictObject({
  dryRun: z.boolean(),
  total: z.number().int(),
  created: z.number().int(),
  failed: z.number().int(),
  rows: z.array(importRow),
});
export type ImportResult = z.infer<typeof importResult>;

/** `data` of the `job` events that tell how far an import has come. */
export const importProgress = z.strictObject({
  id,
  kind: z.literal('camera-import'),
  state: z.enum(['running', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
});
export type ImportProgress = z.infer<typeof importProgress>;
