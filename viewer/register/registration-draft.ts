import type { SnapshotSchedule } from '../../gateway/contract/schedule.ts';
import type { FoundDevice } from './found-device.ts';
import type { Target } from './batch.ts';

const KEPT_MS = 7 * 24 * 3_600_000;
const STORED = 'gantry.register.draft';
const VERSION = 1;

/** What outlives a reload: choices and findings, never a password. */
export interface Draft {
  savedAtMs: number;
  step: number;
  found: FoundDevice[];
  target: Target;
  pattern: string;
  schedule: SnapshotSchedule | null;
  /** By device: what was written by hand. */
  rows: { key: string; name: string | null; position: string; done: boolean }[];
}

/** Where drafts are kept; the browser's localStorage. */
export type DraftShelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps the draft of one user; passwords typed are left out, so that such devices ask for them again. */
export function saveDraft(shelf: DraftShelf, userId: string, draft: Draft): void {
  const found = draft.found.map(withoutPassword);
  try {
    shelf.setItem(`${STORED}.${userId}`, JSON.stringify({ version: VERSION, ...draft, found }));
  } catch {
    // A full or forbidden store costs the draft, not the work in hand.
  }
}

/** The draft of one user, at most seven days old; null when there is none or it cannot be read. */
export function readDraft(shelf: DraftShelf, userId: string, nowMs: number): Draft | null {
  try {
    const kept = JSON.parse(shelf.getItem(`${STORED}.${userId}`) ?? 'null') as
      | (Draft & { version: number })
      | null;
    if (kept === null || kept.version !== VERSION || nowMs - kept.savedAtMs > KEPT_MS) return null;
    const isWhole =
      Array.isArray(kept.found) && Array.isArray(kept.rows) && typeof kept.target?.kind === 'string';
    return isWhole && kept.found.length > 0 ? kept : null;
  } catch {
    return null;
  }
}

export function dropDraft(shelf: DraftShelf, userId: string): void {
  try {
    shelf.removeItem(`${STORED}.${userId}`);
  } catch {
    // As above.
  }
}

/** A typed password goes; the device then says again that it needs one. */
function withoutPassword(found: FoundDevice): FoundDevice {
  const device = { ...found.device, previewUrl: null };
  if (found.login?.kind !== 'typed') return { ...found, device };
  return { ...found, login: null, device: { ...device, auth: 'required' } };
}
