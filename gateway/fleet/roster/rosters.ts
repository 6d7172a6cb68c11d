import type { Unsubscribe } from '../../base/emitter.ts';
import type { ImportResult } from '../../contract/camera-import.ts';
import { RosterImport } from './roster-import.ts';
import type { ImportOrder, OwnedProgress, RosterImportOptions } from './roster-import.ts';
import { writeRoster, writeTemplate } from './write-roster.ts';

/** Cameras from and to spreadsheets; lives as long as the gateway. */
export class Rosters {
  readonly #options: RosterImportOptions;
  readonly #import: RosterImport;

  constructor(options: RosterImportOptions) {
    this.#options = options;
    this.#import = new RosterImport(options);
  }

  /** Throws as `RosterImport.run`. */
  import(order: ImportOrder): Promise<ImportResult> {
    return this.#import.run(order);
  }

  onProgress(listener: (told: OwnedProgress) => void): Unsubscribe {
    return this.#import.onProgress(listener);
  }

  /** The cameras of the projects that `sees` lets through, as an .xlsx workbook without passwords. */
  export(sees: (projectId: string) => boolean): Promise<Uint8Array> {
    const cameras = this.#options.cameras.all().filter(({ projectId }) => sees(projectId));
    return writeRoster(cameras, this.#choices(sees));
  }

  template(sees: (projectId: string) => boolean): Promise<Uint8Array> {
    return writeTemplate(this.#choices(sees));
  }

  #choices(sees: (projectId: string) => boolean) {
    const { projects, credentialSets } = this.#options;
    return { projects: projects.all().filter(({ id }) => sees(id)), credentialSets: credentialSets.all() };
  }
}
