import type { Rendition } from '../../gateway/contract/live.ts';

/** What comes over a line: the texts and bytes of WS /live/{cameraId}/{rendition}/ws, whatever carries them. */
export interface LineEvents {
  onText(text: string): void;
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  /** The line is gone; it does not come back. */
  onClosed(): void;
}

/** One camera's way from the gateway; after `close` nothing comes any more. */
export interface LiveLine {
  close(): void;
}

/** Opens a line: over a socket of its own, or as a channel of a shared one. */
export type OpenLine = (cameraId: string, rendition: Rendition, events: LineEvents) => LiveLine;
