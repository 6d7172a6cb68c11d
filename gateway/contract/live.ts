import { z } from 'zod';
import { id } from './common.ts';

/**
 * A rendition of a live camera: its two own streams, `h264` converted where the main stream's codec is another, and
 * `low`, converted and small, where the camera has no sub stream that a phone could play.
 */
export const rendition = z.enum(['main', 'sub', 'h264', 'low']);
export type Rendition = z.infer<typeof rendition>;

/** First text message of WS /live/{cameraId}/{rendition}/ws; sent again before the init segment when the stream changes. */
export const wsHello = z.strictObject({
  mime: z.string().describe('For MediaSource.addSourceBuffer, as in video/mp4; codecs="avc1.640028"'),
  timescale: z.number().int(),
});
export type WsHello = z.infer<typeof wsHello>;

const channel = z
  .number()
  .int()
  .min(0)
  .max(0xff_ff_ff_ff)
  .describe('Chosen by the client; take a new one for each subscription');

/** What a client sends on WS /live/ws, the wall's socket: one camera more, or one less. */
export const liveChannelRequest = z.union([
  z.strictObject({ subscribe: z.strictObject({ channel, cameraId: id, rendition }) }),
  z.strictObject({ unsubscribe: z.strictObject({ channel }) }),
]);
export type LiveChannelRequest = z.infer<typeof liveChannelRequest>;

/** That a channel of WS /live/ws ended; `code` as WS /live/{cameraId}/{rendition}/ws would close with. The channel's other texts are that socket's, with `channel` beside; binary messages begin with the channel, 4 bytes big-endian. */
export const liveChannelClosed = z.strictObject({
  channel,
  closed: z.strictObject({ code: z.number().int(), reason: z.string() }),
});
export type LiveChannelClosed = z.infer<typeof liveChannelClosed>;
