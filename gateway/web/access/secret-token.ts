import { hash, randomBytes } from 'node:crypto';

/** A new secret of 256 random bits as base64url, behind `prefix`. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is stored of a secret: its SHA-256 in hex. The secret has 256 bits, so that a slow hash would add nothing. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}
