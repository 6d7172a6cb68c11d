import type { Principal } from './access/principal.ts';

const MAX_JOBS = 1000;

/** Who started which search: its findings are for them and for admins; in memory, as the searches themselves. */
export class DiscoveryOwners {
  readonly #owners = new Map<string, string>();

  add(jobId: string, principal: Principal): void {
    this.#owners.set(jobId, principal.id);
    if (this.#owners.size <= MAX_JOBS) return;
    const oldest = this.#owners.keys().next();
    if (!oldest.done) this.#owners.delete(oldest.value);
  }

  maySee(jobId: string, principal: Principal): boolean {
    return principal.role === 'admin' || this.#owners.get(jobId) === principal.id;
  }
}
