import type { RecordVerdict } from '../../contract/evidence.ts';
import type { ChainVerdict } from '../../contract/snapshot.ts';
import type { ChainVerifier } from '../chain-verifier.ts';
import { GENESIS_HASH } from '../chain-hash.ts';
import { dateAfter } from '../slots-of-day.ts';
import type { EvidenceVerifyKey } from './evidence-key.ts';
import type { DayRow } from './evidence-rows.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { merkleRoot } from './merkle-tree.ts';
import { headLeaf, statementHash } from './signed-texts.ts';
import { statementFields } from './to-evidence-day.ts';

type DaysVerdict = RecordVerdict['days'];

/** Verifies closed days: signatures, trees, and that each names the one before. */
export class DaysVerifier {
  readonly #evidence: EvidenceStore;
  readonly #key: EvidenceVerifyKey;

  constructor(options: { evidence: EvidenceStore; key: EvidenceVerifyKey }) {
    this.#evidence = options.evidence;
    this.#key = options.key;
  }

  /** `published` are roots that were kept elsewhere (by the tracker), by date: they must be the same. */
  async verify(published: ReadonlyMap<string, string> = new Map()): Promise<DaysVerdict> {
    const days = await this.#evidence.days();
    const known = new Map(days.map((day) => [day.date, day.root]));
    for (const [date, root] of published) {
      if (known.get(date) !== root)
        return bad(
          0,
          date,
          known.has(date) ? 'its root is not the one published' : 'the published day is gone',
        );
    }
    let before: DayRow | undefined;
    for (const [index, day] of days.entries()) {
      const reason = await this.#fault(day, before);
      if (reason) return bad(index, day.date, reason);
      before = day;
    }
    return { ok: true, checked: days.length, firstBadDate: null, reason: null };
  }

  async #fault(day: DayRow, before: DayRow | undefined): Promise<string | null> {
    if (!this.#key.verifies(day.statement, day.signature)) return 'the gateway has not signed it';
    const fields = statementFields(day.statement);
    const told = [fields.get('date'), fields.get('root'), fields.get('prevHash'), fields.get('cameras')];
    if (told.join() !== [day.date, day.root, day.prev_hash, String(day.cameras)].join())
      return 'its row is not what was signed';
    const follows = before ? statementHash(before.statement) : GENESIS_HASH;
    if (day.prev_hash !== follows) return 'it does not follow the day before it: a signed day is missing';
    if (before && day.date < dateAfter(before.date)) return 'it comes twice';
    const leaves = await this.#evidence.leaves(day.date);
    const hashes = leaves.map(({ camera_id, seq, chain_hash }) =>
      headLeaf({ cameraId: camera_id, seq, chainHash: chain_hash }),
    );
    return merkleRoot(hashes) === day.root ? null : 'its leaves do not lead to the signed root';
  }
}

/** Walks every camera and every signed day. `onCamera` hears of each camera when it is done. */
export async function verifyRecord(parts: {
  evidence: EvidenceStore;
  key: EvidenceVerifyKey;
  chains: ChainVerifier;
  published?: ReadonlyMap<string, string>;
  onCamera?: (verdict: ChainVerdict & { cameraId: string }) => void;
}): Promise<RecordVerdict> {
  const { evidence, key, chains, published, onCamera } = parts;
  const days = await new DaysVerifier({ evidence, key }).verify(published);
  const cameras: RecordVerdict['cameras'] = [];
  for (const cameraId of await evidence.cameraIds()) {
    const verdict = { cameraId, ...(await chains.verify(cameraId)) };
    cameras.push(verdict);
    onCamera?.(verdict);
  }
  const pictures = cameras.reduce((sum, { checked }) => sum + checked, 0);
  return { ok: days.ok && cameras.every(({ ok }) => ok), keyId: key.keyId, pictures, cameras, days };
}

function bad(checked: number, firstBadDate: string, reason: string): DaysVerdict {
  return { ok: false, checked, firstBadDate, reason };
}
