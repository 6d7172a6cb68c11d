import { computed, signal } from '@preact/signals';
import { deviceGateway } from '../api/device-gateway.ts';
import { loadFleet, newestJob } from '../fleet/fleet-store.ts';
import type { ImportErrorCode, ImportResult, ImportRow } from '../../gateway/contract/camera-import.ts';

/** One cell of a spreadsheet that is wrong. */
export interface CellFault {
  row: number;
  name: string;
  /** Header of the column, and the cell as the spreadsheet names it where there is one. */
  column: string;
  cell: string | null;
  code: ImportErrorCode;
  message: string;
}

/** Where the import of one file stands. */
export type ImportState =
  | { state: 'empty' }
  | { state: 'reading'; file: File }
  | { state: 'checked'; file: File; result: ImportResult }
  | { state: 'writing'; file: File; total: number }
  | { state: 'done'; result: ImportResult }
  | { state: 'failed'; error: unknown };

/** Reads a roster: a dry run first, then the writing; lives as long as its page. */
export class RosterImport {
  readonly now = signal<ImportState>({ state: 'empty' });
  /** Names the progress events of this page among all. */
  readonly #job = `import-${Math.random().toString(36).slice(2)}`;
  /** Rows written so far, as the gateway tells. */
  readonly written = computed(() => {
    const job = newestJob.value;
    return job?.id === this.#job && typeof job['done'] === 'number' ? job['done'] : 0;
  });

  /** Dry run of a file. */
  async check(file: File): Promise<void> {
    this.now.value = { state: 'reading', file };
    await this.#try(async () => {
      const result = await deviceGateway.importRoster(file, 'dryRun', this.#job);
      this.now.value = { state: 'checked', file, result };
    });
  }

  /** Writes the rows of the file that was checked; the good ones only where some are bad. */
  async write(): Promise<void> {
    const checked = this.now.value;
    if (checked.state !== 'checked') return;
    const { file, result } = checked;
    this.now.value = { state: 'writing', file, total: result.total - result.failed };
    await this.#try(async () => {
      const done = await deviceGateway.importRoster(file, result.failed > 0 ? 'partial' : 'all', this.#job);
      await loadFleet();
      this.now.value = { state: 'done', result: done };
    });
  }

  clear(): void {
    this.now.value = { state: 'empty' };
  }

  async #try(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.now.value = { state: 'failed', error };
    }
  }
}

/** All wrong cells, in the order of the file. */
export function cellFaults(rows: readonly ImportRow[]): CellFault[] {
  return rows.flatMap(({ row, name, errors }) => errors.map((fault) => ({ row, name, ...fault })));
}
