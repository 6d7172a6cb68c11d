import type { FoundDevice } from './found-device.ts';

/** Where the wizard is: find, sign in, check, assign, done. */
export type Step = 1 | 2 | 3 | 4 | 5;

/** One camera to register, or registered. */
export interface Row {
  found: FoundDevice;
  /** Written by hand; null takes the pattern's. */
  name: string | null;
  position: string;
  state: 'waiting' | 'busy' | 'done' | 'failed';
  cameraId: string | null;
  error: unknown;
}

/** The project of the batch: an existing one, or the fields of a new one. */
export type Target =
  | { kind: 'none' }
  | { kind: 'known'; id: string }
  | { kind: 'new'; name: string; district: string; unit: string };
