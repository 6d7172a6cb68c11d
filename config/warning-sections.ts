import { z } from 'zod';
import { anyNetwork } from './network-defaults.ts';

/** Messages to people. */
export const notifications = z
  .strictObject({
    allowedNetworks: z
      .array(z.string())
      .default([...anyNetwork])
      .describe(
        'Networks (CIDR) that messages may go to: robots on the internet, SMS gateways inside. Link-local and cloud metadata addresses never',
      ),
    keepDays: z
      .number()
      .int()
      .min(7)
      .max(36_500)
      .default(730)
      .describe('Days for which incidents that are over and messages that were sent are kept'),
  })
  .prefault({})
  .describe('Messages to people');
