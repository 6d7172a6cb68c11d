import type { CancelTimer, Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import { newId } from '../../base/new-id.ts';
import type { Page } from '../../contract/common.ts';
import type { Share, ShareCreate, ShareTarget } from '../../contract/share.ts';
import type { AccessChanges } from './access-changes.ts';
import { SYSTEM } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import { sees } from './principal.ts';
import type { Principal } from './principal.ts';
import { hashSecret, newSecret } from './secret-token.ts';
import { targetOf, toShare } from './share-row.ts';
import type { ShareRow } from './share-row.ts';
import { ShareStore } from './share-store.ts';

/** Who made a link, as they are now. */
export interface ShareCreator {
  role: Principal['role'];
  projectIds: readonly string[] | null;
}

export interface SharesOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
  changes: AccessChanges;
  audit: Pick<AuditLog, 'record'>;
  maxDays: number;
  maxOpen: number;
  /** Undefined when the person or token is no more. */
  creator: (kind: 'user' | 'token', id: string) => Promise<ShareCreator | undefined>;
  /** Projects that one must see to see the target; undefined when it is gone. */
  projectsOf: (target: ShareTarget) => Promise<readonly string[] | undefined>;
}

/** A link that holds now. */
export interface OpenShare {
  id: string;
  target: ShareTarget;
  expiresAtMs: number;
  /** What the maker noted, for the audit. */
  name: string;
}

const DAY_MS = 86_400_000;
/** Live pictures ask many times a second: an answer holds this long, or until something changes. */
const CACHE_MS = 5000;
const MOST_CACHED = 2000;
const MAKERS: ReadonlySet<Principal['role']> = new Set(['staff', 'admin']);

/** Links that open one target without sign-in, kept by the hash of their secret; one for each gateway. */
export class Shares {
  readonly #options: SharesOptions;
  readonly #store: ShareStore;
  readonly #cache = new Map<string, { row: ShareRow; untilMs: number }>();
  #changesSeen = 0;
  #unsubscribe: Unsubscribe | undefined;
  #cancelExpiry: CancelTimer | undefined;
  #stopped = false;

  constructor(options: SharesOptions) {
    this.#options = options;
    this.#store = new ShareStore(options.database);
  }

  /** Closes links as they end, and as their makers lose their rights. */
  start(): void {
    this.#stopped = false;
    this.#unsubscribe = this.#options.changes.subscribe((change) => {
      this.#changesSeen += 1;
      this.#cache.clear();
      if (change.kind === 'user' || change.kind === 'token') this.#inBackground(() => this.recheck());
    });
    this.#inBackground(() => this.recheck());
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#cancelExpiry?.();
    this.#cache.clear();
  }

  /** The link with its secret, which is known nowhere afterwards. Throws `not-found`, `bad-request`, `conflict`. */
  async create(body: ShareCreate, principal: Principal): Promise<{ share: Share; secret: string }> {
    const { clock, maxOpen } = this.#options;
    await this.#requireVisible(body.target, principal);
    const now = clock.now();
    const expiresAtMs = this.#end(body.expiresAt, now);
    const own = (await this.#store.open(now)).filter(({ creator_id: id }) => id === principal.id);
    if (own.length >= maxOpen)
      throw new GatewayError(
        'conflict',
        `you have ${own.length} links open: revoke some before you make more`,
      );
    const secret = newSecret();
    const { target } = body;
    const row: ShareRow = {
      id: newId('shr'),
      secret_hash: hashSecret(secret),
      kind: target.kind,
      camera_id: target.kind === 'live' ? target.cameraId : null,
      left_id: target.kind === 'pair' ? target.leftId : null,
      right_id: target.kind === 'pair' ? target.rightId : null,
      note: body.note === undefined || body.note === '' ? null : body.note,
      creator_kind: principal.kind === 'token' ? 'token' : 'user',
      creator_id: principal.id,
      creator_name: principal.user.username,
      created_at_ms: now,
      expires_at_ms: expiresAtMs,
      revoked_at_ms: null,
      views: 0,
      last_viewed_at_ms: null,
    };
    await this.#store.insert(row);
    await this.#armExpiry();
    return { share: toShare(row), secret };
  }

  /** Newest first, those whose target the principal sees; links to what is gone are the admins'. */
  async list(
    principal: Principal,
    page: { limit: number; cursor?: string; state: 'open' | 'all' },
  ): Promise<Page<Share>> {
    const now = this.#options.clock.now();
    const shown: ShareRow[] = [];
    for await (const row of this.#store.all(placeOf(page.cursor))) {
      if (page.state === 'open' && (row.revoked_at_ms !== null || row.expires_at_ms <= now)) continue;
      if (!(await this.#isVisible(targetOf(row), principal))) continue;
      shown.push(row);
      if (shown.length > page.limit) break;
    }
    const items = shown.slice(0, page.limit);
    const last = items.at(-1);
    return {
      items: items.map(toShare),
      nextCursor: shown.length > page.limit && last ? `${last.created_at_ms}.${last.id}` : null,
    };
  }

  /** Ends a link at once. Throws `not-found` also for one whose target the principal does not see. */
  async revoke(id: string, principal: Principal): Promise<void> {
    const row = await this.#store.get(id);
    const own = row?.creator_kind === principal.kind && row.creator_id === principal.id;
    if (!row || !(own || (await this.#isVisible(targetOf(row), principal))))
      throw new GatewayError('not-found', `there is no share link ${id}`);
    if (await this.#store.revoke(id, this.#options.clock.now())) this.#tellEnded(id);
  }

  /** What a secret opens now; undefined for one that was never given out, has ended, or was revoked. */
  async open(secret: string): Promise<OpenShare | undefined> {
    if (!/^[\w-]{20,100}$/.test(secret)) return undefined;
    const hash = hashSecret(secret);
    const { clock } = this.#options;
    const cached = this.#cache.get(hash);
    if (cached && cached.untilMs > clock.monotonicMs() && cached.row.expires_at_ms > clock.now())
      return openShare(cached.row);
    this.#cache.delete(hash);
    const changesSeen = this.#changesSeen;
    const row = await this.#store.bySecret(hash);
    if (!row || row.revoked_at_ms !== null || row.expires_at_ms <= clock.now()) return undefined;
    if (!(await this.#stillPermitted(row))) return undefined;
    // What was read may be older than a change that came meanwhile.
    if (changesSeen === this.#changesSeen) this.#keep(hash, row);
    return openShare(row);
  }

  /** Its page was opened. */
  async countView(share: OpenShare, address: string): Promise<void> {
    const { clock, audit } = this.#options;
    await this.#store.countView(share.id, clock.now());
    await audit.record({
      actor: { kind: 'share', id: share.id, name: share.name },
      action: 'share.opened',
      subject: { kind: 'share', id: share.id, name: share.name },
      address,
      detail: { target: share.target },
    });
  }

  /** Revokes every open link whose maker may not see its target any more; call it when cameras move. */
  async recheck(): Promise<void> {
    for (const row of await this.#store.open(this.#options.clock.now())) await this.#stillPermitted(row);
    await this.#armExpiry();
  }

  #end(wanted: string, now: number): number {
    const { maxDays } = this.#options;
    const expiresAtMs = Date.parse(wanted);
    if (expiresAtMs <= now) throw new GatewayError('bad-request', 'expiresAt: give a time in the future');
    if (expiresAtMs > now + maxDays * DAY_MS)
      throw new GatewayError('bad-request', `expiresAt: a link may last ${maxDays} days at most`);
    return expiresAtMs;
  }

  async #requireVisible(target: ShareTarget, principal: Principal): Promise<void> {
    if (await this.#isVisible(target, principal)) return;
    const what = target.kind === 'live' ? `camera ${target.cameraId}` : 'such pair of snapshots';
    throw new GatewayError('not-found', `there is no ${what}`);
  }

  async #isVisible(target: ShareTarget, principal: Pick<Principal, 'projectIds'>): Promise<boolean> {
    const projectIds = await this.#options.projectsOf(target);
    if (projectIds === undefined) return principal.projectIds === null;
    return projectIds.every((projectId) => sees(principal, projectId));
  }

  /** False when the maker may not share the target any more, or it is gone: then the link is revoked for good. */
  async #stillPermitted(row: ShareRow): Promise<boolean> {
    const { creator, projectsOf, audit, clock } = this.#options;
    const maker = await creator(row.creator_kind, row.creator_id);
    const projectIds = await projectsOf(targetOf(row));
    const permitted =
      maker !== undefined &&
      MAKERS.has(maker.role) &&
      projectIds !== undefined &&
      projectIds.every((projectId) => sees(maker, projectId));
    if (permitted) return true;
    if (!(await this.#store.revoke(row.id, clock.now()))) return false;
    this.#tellEnded(row.id);
    await audit.record({
      actor: SYSTEM,
      action: 'share.revoked',
      subject: { kind: 'share', id: row.id, name: row.note },
      detail: {
        why: projectIds === undefined ? 'its target is gone' : 'its maker may not see the target any more',
      },
    });
    return false;
  }

  #tellEnded(shareId: string): void {
    this.#cache.clear();
    this.#options.changes.emit({ kind: 'share', shareId });
  }

  #keep(hash: string, row: ShareRow): void {
    this.#cache.set(hash, { row, untilMs: this.#options.clock.monotonicMs() + CACHE_MS });
    const oldest = this.#cache.size > MOST_CACHED ? this.#cache.keys().next() : undefined;
    if (oldest && !oldest.done) this.#cache.delete(oldest.value);
  }

  /** Waits for the next link that ends, so that who watches through it is cut off in that moment. */
  async #armExpiry(): Promise<void> {
    const { clock } = this.#options;
    this.#cancelExpiry?.();
    const open = await this.#store.open(clock.now());
    const next = open[0]?.expires_at_ms;
    this.#cancelExpiry?.();
    if (next === undefined || this.#stopped) return;
    const ending = open.filter((row) => row.expires_at_ms === next);
    this.#cancelExpiry = clock.after(next - clock.now(), () => {
      if (clock.now() >= next) for (const { id } of ending) this.#tellEnded(id);
      this.#inBackground(() => this.#armExpiry());
    });
  }

  #inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (!this.#stopped)
        this.#options.logger.error({ err: error }, `share links could not be looked at: ${messageOf(error)}`);
    });
  }
}

function openShare(row: ShareRow): OpenShare {
  const { id, expires_at_ms: expiresAtMs, note } = row;
  return { id, target: targetOf(row), expiresAtMs, name: note ?? `link of ${row.creator_name}` };
}

function placeOf(cursor: string | undefined): { createdAtMs: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAt, id] = /^(\d{1,16})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new GatewayError('bad-request', 'cursor: give the nextCursor of the page before, unchanged');
  return { createdAtMs: Number(createdAt), id };
}
