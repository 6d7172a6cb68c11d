/** What a message on the wall's socket is: for which channel, and whether it ends it. */
export type ChannelMessage =
  | { kind: 'text'; channel: number }
  | { kind: 'closed'; channel: number; code: number }
  | { kind: 'other' };

/** Reads a text message of WS /live/ws; never throws. */
export function readChannelText(text: string): ChannelMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'other' };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'other' };
  const { channel, closed } = value as Record<string, unknown>;
  if (typeof channel !== 'number') return { kind: 'other' };
  if (typeof closed !== 'object' || closed === null) return { kind: 'text', channel };
  const { code } = closed as Record<string, unknown>;
  return { kind: 'closed', channel, code: typeof code === 'number' ? code : 4500 };
}

/** Takes a binary message of WS /live/ws apart; null when it is too short to have a channel. */
export function readChannelBytes(
  message: ArrayBuffer,
): { channel: number; bytes: Uint8Array<ArrayBuffer> } | null {
  if (message.byteLength < 4) return null;
  return { channel: new DataView(message).getUint32(0), bytes: new Uint8Array(message, 4) };
}
