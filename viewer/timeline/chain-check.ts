import { signal } from '@preact/signals';
import { gateway } from '../api/gateway.ts';
import { siteNow } from '../format/site-time.ts';
import type { ChainVerdict } from '../../gateway/contract/snapshot.ts';

/** What is known of the chain: nothing before someone has it checked. */
export type ChainState =
  | { kind: 'unchecked' }
  | { kind: 'checking' }
  | { kind: 'whole'; atMs: number; verdict: ChainVerdict }
  | { kind: 'broken'; atMs: number; verdict: ChainVerdict }
  | { kind: 'failed'; error: unknown };

/** The check of one camera's chain of pictures; lives as long as its page. */
export class ChainCheck {
  readonly #cameraId: string;
  readonly state = signal<ChainState>({ kind: 'unchecked' });

  constructor(cameraId: string) {
    this.#cameraId = cameraId;
  }

  /** Has the gateway read and hash every file of the camera. */
  readonly run = async (): Promise<void> => {
    if (this.state.value.kind === 'checking') return;
    this.state.value = { kind: 'checking' };
    try {
      const verdict = await gateway.verify(this.#cameraId);
      this.state.value = { kind: verdict.ok ? 'whole' : 'broken', atMs: siteNow(), verdict };
    } catch (error) {
      this.state.value = { kind: 'failed', error };
    }
  };
}
