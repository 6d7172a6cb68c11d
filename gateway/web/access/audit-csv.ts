import type { AuditEntry } from '../../contract/audit.ts';

const COLUMNS = [
  'id',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'subjectKind',
  'subjectId',
  'subjectName',
  'projectId',
  'address',
  'detail',
  'prevHash',
  'hash',
];

/** The audit as CSV (RFC 4180, UTF-8 with its mark so that spreadsheets read Chinese), some hundred lines a piece. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<Buffer> {
  let lines = [`\uFEFF${COLUMNS.join(',')}\r\n`];
  for await (const entry of entries) {
    lines.push(csvLine(cellsOf(entry)));
    if (lines.length < 200) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
  }
  yield Buffer.from(lines.join(''));
}

function cellsOf({
  id,
  at,
  actor,
  action,
  subject,
  projectId,
  address,
  detail,
  ...hashes
}: AuditEntry): string[] {
  const { prevHash, hash } = hashes;
  const who = [actor.kind, actor.id ?? '', actor.name];
  const what = [action, subject?.kind ?? '', subject?.id ?? '', subject?.name ?? ''];
  return [id, at, ...who, ...what, projectId ?? '', address ?? '', JSON.stringify(detail), prevHash, hash];
}

/** Every cell quoted; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function harmless(cell: string): string {
  return /^[^\p{L}\p{N}"{[(]*[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell;
}
