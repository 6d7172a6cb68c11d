import type { WsHello } from '../../gateway/contract/live.ts';

/** A text message on the live socket: what follows, or that the camera is away. */
export type WsMessage =
  | { kind: 'hello'; hello: WsHello }
  | { kind: 'offline'; code: string }
  | { kind: 'other' };

/** Reads a text message of WS /live/{cameraId}/{rendition}/ws; never throws. */
export function readWsMessage(text: string): WsMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'other' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'other' };
  const fields = value as Record<string, unknown>;
  if (typeof fields['mime'] === 'string' && typeof fields['timescale'] === 'number') {
    return { kind: 'hello', hello: { mime: fields['mime'], timescale: fields['timescale'] } };
  }
  if (fields['state'] === 'offline') {
    const code = fields['code'];
    return { kind: 'offline', code: typeof code === 'string' ? code : 'camera-offline' };
  }
  return { kind: 'other' };
}
