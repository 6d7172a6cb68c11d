import { readProblem } from '../api/request.ts';

/** What the gateway says of a camera's live picture: there it is, or why not. */
export type LiveProbe =
  | { kind: 'there'; converted: boolean; low: boolean }
  | { kind: 'refused'; code: string; retryAfterSec: number | null };

/**
 * Asks for the multivariant playlist, or that of a converted rendition: a failed WebSocket does not tell why, this does.
 */
export async function probeLive(
  cameraId: string,
  signal: AbortSignal,
  list: 'index' | 'h264/stream' | 'low/stream' = 'index',
): Promise<LiveProbe> {
  try {
    const response = await fetch(`/live/${encodeURIComponent(cameraId)}/${list}.m3u8`, { signal });
    if (!response.ok) {
      const { code, retryAfterSec } = await readProblem(response);
      return { kind: 'refused', code, retryAfterSec };
    }
    const text = await response.text();
    return { kind: 'there', converted: /^\.?\/?h264\//m.test(text), low: /^\.?\/?low\//m.test(text) };
  } catch {
    return { kind: 'refused', code: 'network', retryAfterSec: null };
  }
}
