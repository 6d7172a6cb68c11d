import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { newId } from '../base/new-id.ts';
import type { Page } from '../contract/common.ts';
import type { ChannelCreate, ChannelPatch } from '../contract/notification.ts';
import { pageOf } from '../fleet/page-of.ts';
import type { SecretBox } from '../fleet/secret-box.ts';
import type { ChannelRecord, ChannelSecrets, StoredChannel } from './channel-record.ts';
import type { ChannelStore } from './channel-store.ts';
import { decodedBraces } from './decoded-braces.ts';
import { parseTemplate, templateFault } from './template.ts';

const MOST_CHANNELS = 200;

/** Where messages go; secrets sealed at rest. Held in memory beside the table, for the life of the gateway. */
export class Channels {
  readonly #clock: Clock;
  readonly #store: ChannelStore;
  readonly #secretBox: SecretBox;
  readonly #isUsed: (channelId: string) => string | undefined;
  readonly #stored = new Map<string, StoredChannel>();

  /** `isUsed` names a rule that sends to the channel. */
  constructor(options: {
    clock: Clock;
    store: ChannelStore;
    secretBox: SecretBox;
    isUsed: (channelId: string) => string | undefined;
  }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#secretBox = options.secretBox;
    this.#isUsed = options.isUsed;
  }

  async start(): Promise<void> {
    for (const stored of await this.#store.all()) this.#stored.set(stored.record.id, stored);
  }

  all(): ChannelRecord[] {
    return Array.from(this.#stored.values(), ({ record }) => record);
  }

  get(id: string): ChannelRecord | undefined {
    return this.#stored.get(id)?.record;
  }

  list({ limit, cursor }: { limit: number; cursor?: string }): Page<ChannelRecord> {
    return pageOf(this.all(), limit, cursor);
  }

  /** Throws `bad-request` for a template that cannot be, `conflict` when the name is taken or there are too many. */
  async create(body: ChannelCreate): Promise<ChannelRecord> {
    this.#refuseTakenName(body.name, undefined);
    if (this.#stored.size >= MOST_CHANNELS)
      throw new GatewayError('conflict', `there are ${MOST_CHANNELS} channels: remove one first`);
    const { url, secret = null, http, ...shared } = body;
    if (body.kind === 'http' && !http)
      throw new GatewayError('bad-request', 'http: a generic channel needs its template');
    if (body.kind !== 'http' && http)
      throw new GatewayError('bad-request', 'http: robots have their own form of message');
    const headers = http?.headers ?? {};
    const record: ChannelRecord = {
      ...shared,
      id: newId('chn'),
      ...factsOf({ url, secret, headers }),
      http: http ? withoutHeaders(http) : null,
      createdAtMs: this.#clock.now(),
    };
    return this.#keep(record, { url, secret, headers });
  }

  /** Throws `not-found`, `conflict`, and `bad-request` when another host would get the secrets of the first. */
  async patch(id: string, body: ChannelPatch): Promise<ChannelRecord> {
    const before = this.#existing(id);
    if (body.name !== undefined) this.#refuseTakenName(body.name, id);
    if (body.http && !before.http)
      throw new GatewayError('bad-request', 'http: robots have their own form of message');
    const { url: _url, secret: _secret, http, ...shared } = body;
    const known = this.#isNew(body, before) ? null : this.secretsOf(id);
    const secrets = secretsAfter(known, body);
    const { headers: _, ...template } = http ?? {};
    const record: ChannelRecord = {
      ...before,
      ...withoutUndefined(shared),
      ...factsOf(secrets),
      http: before.http && {
        ...before.http,
        ...withoutUndefined(template),
        headerNames: Object.keys(secrets.headers),
      },
    };
    return this.#keep(record, secrets);
  }

  /** Throws `not-found`, or `conflict` while a rule sends to it. */
  async remove(id: string): Promise<void> {
    const { name } = this.#existing(id);
    const rule = this.#isUsed(id);
    if (rule !== undefined)
      throw new GatewayError(
        'conflict',
        `rule ${rule} sends to ${name}: take the channel out of the rule first`,
      );
    await this.#store.remove(id);
    this.#stored.delete(id);
  }

  /** What a message is sent with; never to be shown or logged. Throws `not-found`, `secret-unreadable`. */
  secretsOf(id: string): ChannelSecrets {
    const stored = this.#stored.get(id);
    if (!stored) throw new GatewayError('not-found', `there is no channel ${id}`);
    return JSON.parse(this.#secretBox.open(stored.sealed, contextOf(id))) as ChannelSecrets;
  }

  /** True when the body gives everything that is secret; a new host must, for it would get what belongs to the old one. */
  #isNew({ url, secret, http }: ChannelPatch, before: ChannelRecord): boolean {
    const whole =
      url !== undefined &&
      (secret !== undefined || !before.hasSecret) &&
      (http?.headers !== undefined || (before.http?.headerNames.length ?? 0) === 0);
    if (!whole && url !== undefined && originOf(url) !== originOf(this.secretsOf(before.id).url)) {
      throw new GatewayError(
        'bad-request',
        'url: another host must not get the secret of the first: enter secret and headers anew with it, or null',
      );
    }
    return whole;
  }

  async #keep(record: ChannelRecord, secrets: ChannelSecrets): Promise<ChannelRecord> {
    refuseBadTemplates(record, secrets);
    const stored = { record, sealed: this.#secretBox.seal(JSON.stringify(secrets), contextOf(record.id)) };
    await this.#store.save(stored);
    this.#stored.set(record.id, stored);
    return record;
  }

  #refuseTakenName(name: string, ownId: string | undefined): void {
    const holder = this.all().find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (holder && holder.id !== ownId)
      throw new GatewayError('conflict', `a channel named ${holder.name} exists already`);
  }

  #existing(id: string): ChannelRecord {
    const record = this.get(id);
    if (!record) throw new GatewayError('not-found', `there is no channel ${id}`);
    return record;
  }
}

function refuseBadTemplates({ http }: ChannelRecord, { url, headers }: ChannelSecrets): void {
  if (!http) return;
  const body = templateFault(http.template, http.bodyType);
  if (body !== null) throw new GatewayError('bad-request', `http.template: ${body}`);
  for (const [name, text] of [...Object.entries(headers), ['url', url] as const]) {
    const parsed = parseTemplate(name === 'url' ? decodedBraces(text) : text);
    if (!parsed.ok) throw new GatewayError('bad-request', `${name}: ${parsed.message}`);
  }
}

function factsOf({ url, secret }: ChannelSecrets): Pick<ChannelRecord, 'hostName' | 'hasSecret'> {
  return { hostName: new URL(url).host, hasSecret: secret !== null };
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/** The secrets with what the body gives; null: it gives all. */
function secretsAfter(known: ChannelSecrets | null, { url, secret, http }: ChannelPatch): ChannelSecrets {
  return {
    url: url ?? known?.url ?? '',
    secret: secret === undefined ? (known?.secret ?? null) : secret,
    headers: http?.headers ?? known?.headers ?? {},
  };
}

/** What of a template may be shown: of headers their names. */
function withoutHeaders({ headers, ...shown }: NonNullable<ChannelCreate['http']>): ChannelRecord['http'] {
  return { ...shown, headerNames: Object.keys(headers) };
}

function contextOf(id: string): string {
  return `notification channel ${id}`;
}

function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
