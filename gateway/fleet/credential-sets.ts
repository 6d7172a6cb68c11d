import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { newId } from '../base/new-id.ts';
import type { Page } from '../contract/common.ts';
import type { CredentialSetCreate, CredentialSetPatch } from '../contract/credential-set.ts';
import type { Credentials } from '../contract/discovery.ts';
import type { CredentialSetStore, StoredCredentialSet } from './credential-set-store.ts';
import { pageOf } from './page-of.ts';
import type { SecretBox } from './secret-box.ts';

/** More would hardly be told apart in a list. */
const MOST_SETS = 500;

/** A credential set without its password, as the stages share it. */
export interface CredentialSetRecord {
  id: string;
  name: string;
  username: string;
  hasPassword: boolean;
  createdAtMs: number;
}

/** Named sign-ins for cameras, sealed at rest; held in memory beside their table, for the life of the gateway. */
export class CredentialSets {
  readonly #clock: Clock;
  readonly #store: CredentialSetStore;
  readonly #secretBox: SecretBox;
  readonly #stored = new Map<string, StoredCredentialSet>();

  constructor(options: { clock: Clock; store: CredentialSetStore; secretBox: SecretBox }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#secretBox = options.secretBox;
  }

  async start(): Promise<void> {
    for (const stored of await this.#store.all()) this.#stored.set(stored.id, stored);
  }

  all(): CredentialSetRecord[] {
    return Array.from(this.#stored.values(), recordOf);
  }

  /** A page in the order of creation. */
  async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<CredentialSetRecord>> {
    return pageOf(this.all(), limit, cursor);
  }

  /** Throws `conflict` when the name is taken or there are too many. */
  async create(body: CredentialSetCreate): Promise<CredentialSetRecord> {
    this.#refuseTakenName(body.name, undefined);
    if (this.#stored.size >= MOST_SETS)
      throw new GatewayError('conflict', `there are ${MOST_SETS} credential sets: remove one first`);
    const id = newId('crd');
    const { name, username, password } = body;
    const sealedPassword = this.#seal(id, password);
    const stored = { id, name, username, sealedPassword, createdAtMs: this.#clock.now() };
    await this.#store.insert(stored);
    this.#stored.set(id, stored);
    return recordOf(stored);
  }

  /** Changes what the body names; cameras keep the sign-in that they were given. Throws `not-found`, `conflict`. */
  async patch(id: string, body: CredentialSetPatch): Promise<CredentialSetRecord> {
    const before = this.#existing(id);
    if (body.name !== undefined) this.#refuseTakenName(body.name, id);
    const stored: StoredCredentialSet = {
      ...before,
      name: body.name ?? before.name,
      username: body.username ?? before.username,
      sealedPassword: body.password === undefined ? before.sealedPassword : this.#seal(id, body.password),
    };
    await this.#store.update(stored);
    this.#stored.set(id, stored);
    return recordOf(stored);
  }

  /** Cameras keep their own copy of the sign-in. Throws `not-found`. */
  async remove(id: string): Promise<void> {
    this.#existing(id);
    await this.#store.remove(id);
    this.#stored.delete(id);
  }

  /** The sign-in itself, for a device; never to be shown or logged. Throws `not-found`, `secret-unreadable`. */
  credentialsOf(id: string): Credentials {
    const { username, sealedPassword } = this.#existing(id);
    const password = sealedPassword === null ? '' : this.#secretBox.open(sealedPassword, contextOf(id));
    return { username, password };
  }

  /** discovery's view: the sign-ins with these ids; unknown ids are left out. Throws `secret-unreadable`. */
  lookup(ids: readonly string[]): (Credentials & { id: string })[] {
    return ids.filter((id) => this.#stored.has(id)).map((id) => ({ id, ...this.credentialsOf(id) }));
  }

  #seal(id: string, password: string): string | null {
    return password === '' ? null : this.#secretBox.seal(password, contextOf(id));
  }

  #refuseTakenName(name: string, ownId: string | undefined): void {
    const wanted = name.toLowerCase();
    const holder = this.all().find((each) => each.name.toLowerCase() === wanted);
    if (holder && holder.id !== ownId)
      throw new GatewayError('conflict', `a credential set named ${holder.name} exists already`);
  }

  #existing(id: string): StoredCredentialSet {
    const stored = this.#stored.get(id);
    if (!stored) throw new GatewayError('not-found', `there is no credential set ${id}`);
    return stored;
  }
}

function contextOf(id: string): string {
  return `credential set ${id}`;
}

function recordOf({ sealedPassword, ...shared }: StoredCredentialSet): CredentialSetRecord {
  return { ...shared, hasPassword: sealedPassword !== null };
}
