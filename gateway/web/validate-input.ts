import type { z } from 'zod';
import { GatewayError } from '../base/gateway-error.ts';

const MAX_ERRORS = 10;
const MAX_TEXT = 300;

/**
 * The value as the schema lets it through; throws `bad-request` naming each field and what was
 * expected of it, or `not-found` for a path that cannot name anything.
 */
export function validateInput(schema: z.ZodType, value: unknown, where: 'path' | 'query' | 'body'): unknown {
  const result = schema.safeParse(value, { reportInput: false });
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, MAX_ERRORS).map((issue) => ({
    field: [where, ...issue.path.map(String)].join('.').slice(0, MAX_TEXT),
    message: issue.message.slice(0, MAX_TEXT),
  }));
  throw new GatewayError(
    where === 'path' ? 'not-found' : 'bad-request',
    errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    { details: { errors } },
  );
}
