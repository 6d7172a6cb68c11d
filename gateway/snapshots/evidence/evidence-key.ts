import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import { syncFolder } from '../../base/sync-folder.ts';

/** Checks signatures of the record; made from a public key alone. */
export class EvidenceVerifyKey {
  readonly #key: KeyObject;
  /** The public key as PEM (SPKI). */
  readonly pem: string;
  /** SHA-256 of the key's DER form, hex: what people compare. */
  readonly keyId: string;

  /** Throws `bad-request` when the text is no Ed25519 key. */
  constructor(pem: string) {
    try {
      this.#key = createPublicKey(pem);
    } catch (error) {
      throw new GatewayError('bad-request', `this is no public key in PEM form: ${messageOf(error)}`);
    }
    if (this.#key.asymmetricKeyType !== 'ed25519')
      throw new GatewayError('bad-request', 'the key of the record must be an Ed25519 key');
    this.pem = this.#key.export({ type: 'spki', format: 'pem' }).toString();
    const der = this.#key.export({ type: 'spki', format: 'der' });
    this.keyId = createHash('sha256').update(der).digest('hex');
  }

  /** True when this key has signed the UTF-8 text; `signature` is base64. */
  verifies(text: string, signature: string): boolean {
    const bytes = Buffer.from(signature, 'base64');
    return bytes.length === 64 && verify(null, Buffer.from(text, 'utf8'), this.#key, bytes);
  }
}

/** Signs the record with the gateway's Ed25519 key (RFC 8032); the private half never leaves this object. */
export class EvidenceKey extends EvidenceVerifyKey {
  readonly #privateKey: KeyObject;

  constructor(privateKey: KeyObject) {
    super(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString());
    this.#privateKey = privateKey;
  }

  /** Signature of the UTF-8 text, base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.#privateKey).toString('base64');
  }

  /** A new key that is nowhere stored. */
  static generate(): EvidenceKey {
    return new EvidenceKey(generateKeyPairSync('ed25519').privateKey);
  }
}

/**
 * Reads the key from its file (PKCS #8, PEM, mode 0600), or makes it the first time: then `beforeFirstUse` ends before the
 * key is stored. Throws `storage-failed` when the file cannot be used: a new key would make the record look forged.
 */
export async function loadEvidenceKey(
  path: string,
  beforeFirstUse: (key: EvidenceKey) => Promise<unknown> = async () => undefined,
): Promise<EvidenceKey> {
  try {
    return new EvidenceKey(createPrivateKey(await readPrivately(path)));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw unusable(path, error);
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = new EvidenceKey(privateKey);
  await beforeFirstUse(key);
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await file.sync();
    await file.close();
    await syncFolder(dirname(path));
  } catch (error) {
    throw unusable(path, error);
  }
  return key;
}

async function readPrivately(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0)
    throw new Error('others may read it; make it private (chmod 600) after asking who could have copied it');
  return text;
}

function unusable(path: string, error: unknown): GatewayError {
  return new GatewayError(
    'storage-failed',
    `the key that signs the record, ${path}, cannot be used: ${messageOf(error)}. Restore it from a backup; a new key would make the old record look forged`,
    { cause: error },
  );
}
