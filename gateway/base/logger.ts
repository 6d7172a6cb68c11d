import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** Structured logger; each stage takes a child with its own `stage` field. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Logger;
};

/** The levels that `log.level` accepts. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Makes the process's root logger: JSON lines on standard error, so that standard output stays for the user. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
}

/** A logger that says nothing, for tests and for tools with their own output. */
export const silentLogger: Logger = pino({ level: 'silent' });
