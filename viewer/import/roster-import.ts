import { computed, signal } from '@preact/signals';
import { deviceGateway } from '../api/device-gateway.ts';
import { cameras, loadFleet } from '../fleet/fleet-store.ts';
import type { ImportResult, ImportRow } from '../api/device-gateway.ts';

/** While rows are written the fleet is counted so often. */
const COUNT_MS = 1000;

/** One cell of a spreadsheet that is wrong. */
export interface CellFault {
  row: number;
  name: string;
  column: string;
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
  /** Cameras of the fleet when the writing began. */
  readonly #before = signal(0);
  readonly written = computed(() => Math.max(0, cameras.value.length - this.#before.value));

  /** Dry run of a file. */
  async check(file: File): Promise<void> {
    this.now.value = { state: 'reading', file };
    await this.#try(async () => {
      const result = await deviceGateway.importRoster(file, 'dryRun');
      this.now.value = { state: 'checked', file, result };
    });
  }

  /** Writes the rows of the file that was checked; the good ones only where some are bad. */
  async write(): Promise<void> {
    const checked = this.now.value;
    if (checked.state !== 'checked') return;
    const { file, result } = checked;
    this.#before.value = cameras.value.length;
    this.now.value = { state: 'writing', file, total: result.total - result.failed };
    const timer = setInterval(() => void loadFleet(), COUNT_MS);
    await this.#try(async () => {
      const done = await deviceGateway.importRoster(file, result.failed > 0 ? 'partial' : 'all');
      await loadFleet();
      this.now.value = { state: 'done', result: done };
    });
    clearInterval(timer);
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
