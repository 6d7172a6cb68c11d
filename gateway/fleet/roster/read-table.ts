import { parseCsv } from 'hucre/csv';
import type { CellValue } from 'hucre/csv';
import { readXlsx } from 'hucre/xlsx';
import { GatewayError, isGatewayError } from '../../base/gateway-error.ts';
import { decodeText } from './decode-text.ts';
import { checkZipBudget } from './zip-budget.ts';

/** Rows of a spreadsheet as text, empty cells as ''; the first is row 1 and the first cell column A. */
export type Table = string[][];

/** More cameras than this belong into several files. */
export const mostRosterRows = 5000;
const MOST_COLUMNS = 64;
/** Title lines and the header come on top. */
const MOST_ROWS = mostRosterRows + 20;
const RANGE = `A1:BL${MOST_ROWS + 1}`;
const LONGEST_CELL = 2000;

/**
 * Reads the first sheet of an .xlsx workbook, or a CSV with commas, semicolons or tabs; formulas count as the text that
 * they showed when the file was saved, none is evaluated. Throws `bad-request` in plain words.
 */
export async function readTable(file: Buffer): Promise<Table> {
  if (file.length === 0) throw new GatewayError('bad-request', 'the file is empty');
  const isZip = file.length >= 4 && file.readUInt32LE(0) === 0x04034b50;
  const isOldExcel = file.length >= 8 && file.readUInt32BE(0) === 0xd0cf11e0;
  if (isOldExcel) {
    throw new GatewayError(
      'bad-request',
      'this is an old .xls workbook or one with a password: save it as .xlsx without password',
    );
  }
  const rows = isZip ? await rowsOfWorkbook(file) : rowsOfText(decodeText(file));
  if (rows.length > MOST_ROWS) {
    throw new GatewayError('bad-request', `the file has more than ${mostRosterRows} rows: split it`);
  }
  return rows.map((row) => row.slice(0, MOST_COLUMNS).map(toText));
}

async function rowsOfWorkbook(file: Buffer): Promise<CellValue[][]> {
  checkZipBudget(file);
  try {
    const { sheets } = await readXlsx(file, { sheets: [0], range: RANGE });
    return sheets[0]?.rows ?? [];
  } catch (error) {
    if (isGatewayError(error)) throw error;
    throw new GatewayError(
      'bad-request',
      'the workbook cannot be read: open it in Excel and save it as .xlsx anew',
      { cause: error },
    );
  }
}

function rowsOfText(text: string): CellValue[][] {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  // Excel's own first line that names the separator.
  const named = /^sep=(.)$/.exec(first)?.[1];
  const body = named === undefined ? text : text.slice(text.indexOf('\n') + 1);
  const delimiter = named ?? separatorOf(first);
  const rows = parseCsv(body, { delimiter, maxRows: MOST_ROWS + 1, skipBom: true });
  // The line that named the separator counts as a row in a spreadsheet too.
  return named === undefined ? rows : [[], ...rows];
}

/** The separator that the first line has most of, outside of quotes. */
function separatorOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((mark) => [mark, bare.split(mark).length] as const);
  const [[best] = [','] as const] = counts.sort(([, a], [, b]) => b - a);
  return best;
}

function toText(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return text.slice(0, LONGEST_CELL);
}
