import type { Rendition } from '../../gateway/contract/live.ts';
import type { Transport } from './choose-transports.ts';

/** Where a live picture stands, for those who draw it. */
export type LiveState = 'idle' | 'connecting' | 'playing' | 'stalled' | 'offline' | 'unsupported' | 'denied';

/** A live picture now; `code` says why it is not there. */
export interface LiveView {
  state: LiveState;
  transport: Transport | null;
  rendition: Rendition | null;
  code: string | null;
  /** The sub stream plays because the network does not carry the main one. */
  slow: boolean;
}

/** Measures of a running picture. */
export interface LiveMeasures {
  delaySec: number | null;
  width: number;
  height: number;
  kbps: number | null;
}

export const IDLE: LiveView = { state: 'idle', transport: null, rendition: null, code: null, slow: false };
