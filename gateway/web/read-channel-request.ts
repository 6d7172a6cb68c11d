import { liveChannelRequest } from '../contract/live.ts';
import type { LiveChannelRequest } from '../contract/live.ts';

/** Reads a text message of a client on WS /live/ws; undefined when it is none of the two; never throws. */
export function readChannelRequest(text: string): LiveChannelRequest | undefined {
  try {
    return liveChannelRequest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
