import { z } from 'zod';
import { id } from './common.ts';

/** `data` of the `job` event that tells that a camera was found at a new address and is pulled from there. */
export const cameraMoved = z.strictObject({
  id,
  kind: z.literal('camera-moved'),
  state: z.literal('done'),
  cameraId: id,
  from: z.string().describe('Service address before'),
  to: z.string(),
});
export type CameraMoved = z.infer<typeof cameraMoved>;
