import { GatewayError } from '../../base/gateway-error.ts';
import { columnOf, headerOf } from './columns.ts';
import type { RosterColumn } from './columns.ts';
import type { Table } from './read-table.ts';
import { unsafeCell } from './safe-cell.ts';

/** One row of a roster: its text by column, and where each stands. */
export interface SheetRow {
  /** As a spreadsheet counts. */
  row: number;
  /** Trimmed, the password as it is; '' for an empty cell and for a column that the file lacks. */
  text(column: RosterColumn): string;
  /** The header as it stands in the file (the gateway's own for a column that it lacks) and such as `C5`. */
  place(column: RosterColumn): { column: string; cell: string | null };
}

/** The header is looked for in so many rows: titles may stand above it. */
const HEADER_WITHIN_ROWS = 10;

/**
 * The rows with text below the header, whatever the order of its columns; columns it does not know are passed over.
 * Throws `bad-request` when there is no header, or a column is there twice.
 */
export function rosterSheet(table: Table): SheetRow[] {
  const headerAt = table
    .slice(0, HEADER_WITHIN_ROWS)
    .findIndex((cells) => cells.some((cell) => columnOf(cell) === 'name'));
  const header = table[headerAt];
  if (!header) {
    throw new GatewayError(
      'bad-request',
      `no header with a column "${headerOf('name')}" (name) was found in the first ${HEADER_WITHIN_ROWS} rows: take the template`,
    );
  }
  const columns = columnsOf(header);
  return table.flatMap((cells, index) => {
    if (index <= headerAt || cells.every((cell) => cell.trim() === '')) return [];
    return [sheetRow(index + 1, cells, header, columns)];
  });
}

function columnsOf(header: readonly string[]): Map<RosterColumn, number> {
  const columns = new Map<RosterColumn, number>();
  for (const [index, text] of header.entries()) {
    const column = columnOf(text);
    if (column === undefined) continue;
    if (columns.has(column)) {
      const first = header[columns.get(column) ?? 0] ?? '';
      throw new GatewayError(
        'bad-request',
        `the columns "${first.trim()}" and "${text.trim()}" mean the same: remove one`,
      );
    }
    columns.set(column, index);
  }
  return columns;
}

function sheetRow(
  row: number,
  cells: readonly string[],
  header: readonly string[],
  columns: ReadonlyMap<RosterColumn, number>,
): SheetRow {
  return {
    row,
    text(column) {
      const text = cells[columns.get(column) ?? -1] ?? '';
      return column === 'password' ? text : unsafeCell(text.trim());
    },
    place(column) {
      const index = columns.get(column);
      if (index === undefined) return { column: headerOf(column), cell: null };
      return { column: (header[index] ?? '').trim(), cell: `${columnLetters(index)}${row}` };
    },
  };
}

/** 0 is A, 26 is AA. */
function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}
