import { errorCodes } from '../gateway/base/error-codes.ts';

/** gateway/base/ERRORS.md: every error code with its meaning. */
export function errorDocument(): string {
  return [
    '# Error codes',
    '',
    'Generated from error-codes.ts by `npm run generate`; do not edit. They are the `code` of every problem reply',
    '(`application/problem+json`, RFC 9457) and stay the same over versions.',
    '',
    '| Code | Meaning |',
    '| --- | --- |',
    ...Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    '',
  ].join('\n');
}
