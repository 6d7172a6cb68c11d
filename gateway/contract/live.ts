import { z } from 'zod';

/** A rendition of a live camera: its two own streams, and `h264` converted where the codec is another. */
export const rendition = z.enum(['main', 'sub', 'h264']);
export type Rendition = z.infer<typeof rendition>;

/** First text message of WS /live/{cameraId}/{rendition}/ws; sent again before the init segment when the stream changes. */
export const wsHello = z.strictObject({
  mime: z.string().describe('For MediaSource.addSourceBuffer, as in video/mp4; codecs="avc1.640028"'),
  timescale: z.number().int(),
});
export type WsHello = z.infer<typeof wsHello>;
