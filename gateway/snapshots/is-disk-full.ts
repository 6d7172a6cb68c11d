import type { GatewayError } from '../base/gateway-error.ts';

/** True for a fault that only room on the disk mends: the guard's, or the system's own. */
export function isDiskFull({ cause, details }: GatewayError): boolean {
  if (details['lowDisk'] === true) return true;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}
