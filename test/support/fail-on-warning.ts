import { afterAll } from 'vitest';

/** A process warning (unhandled deprecation, leaked listener, …) fails the test file that caused it. */
const warnings: string[] = [];
const expected = /ExperimentalWarning: SQLite|localStorage/;

process.on('warning', (warning) => {
  const text = `${warning.name}: ${warning.message}`;
  if (!expected.test(text)) warnings.push(text);
});

afterAll(() => {
  if (warnings.length > 0) throw new Error(`process warnings: ${warnings.join('; ')}`);
});
