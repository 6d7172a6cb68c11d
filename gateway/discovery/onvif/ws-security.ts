import { createHash } from 'node:crypto';
import { escapeXml } from '../soap/soap-envelope.ts';

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/** What a WS-Security token is made of; `createdMs` is the time by the camera's clock. */
export interface UsernameToken {
  username: string;
  password: string;
  createdMs: number;
  /** 16 random bytes, used once. */
  nonce: Uint8Array;
}

/** Base64(SHA-1(nonce + created + password)), the PasswordDigest of UsernameToken Profile 1.0. */
export function passwordDigest(nonce: Uint8Array, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created, 'utf8').update(password, 'utf8').digest('base64');
}

/** The wsse:Security header with a UsernameToken in PasswordDigest form (ONVIF Core, section "User token profile"). */
export function securityHeader({ username, password, createdMs, nonce }: UsernameToken): string {
  // Whole seconds: some older firmware (Grandstream, early TVT) cannot read milliseconds in Created.
  const created = `${new Date(createdMs).toISOString().slice(0, 19)}Z`;
  return (
    `<wsse:Security s:mustUnderstand="1" xmlns:wsse="${OASIS}-wssecurity-secext-1.0.xsd" xmlns:wsu="${OASIS}-wssecurity-utility-1.0.xsd">` +
    `<wsse:UsernameToken><wsse:Username>${escapeXml(username)}</wsse:Username>` +
    `<wsse:Password Type="${OASIS}-username-token-profile-1.0#PasswordDigest">${passwordDigest(nonce, created, password)}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${OASIS}-soap-message-security-1.0#Base64Binary">${Buffer.from(nonce).toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  );
}
