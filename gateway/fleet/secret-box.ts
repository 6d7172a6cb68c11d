import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, open, readFile, stat } from 'node:fs/promises';
import { GatewayError, messageOf } from '../base/gateway-error.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** Encrypts secrets at rest with AES-256-GCM (NIST SP 800-38D); the key never leaves this object. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    if (key.length !== KEY_BYTES)
      throw new GatewayError('secret-unreadable', 'the secret key must have 32 bytes');
    this.#key = key;
  }

  /** Text form `v1.nonce.tag.ciphertext` (base64url); `context` binds it to its place, so that rows cannot be swapped. */
  seal(secret: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return [VERSION, ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join(
      '.',
    );
  }

  /** Throws `secret-unreadable` when the key is another, the text was changed, or it belongs to another context. */
  open(sealed: string, context: string): string {
    const [version, nonce = '', tag = '', text = ''] = sealed.split('.');
    const tagBytes = Buffer.from(tag, 'base64url');
    if (version !== VERSION || tagBytes.length !== TAG_BYTES) throw unreadable(context);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(tagBytes);
      return decipher.update(Buffer.from(text, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw unreadable(context, error);
    }
  }
}

function unreadable(context: string, cause?: unknown): GatewayError {
  return new GatewayError(
    'secret-unreadable',
    `the stored password of ${context} cannot be decrypted with the key of this data folder; enter it again, or restore the file secret.key`,
    { cause },
  );
}

/** Reads the key file, or makes one with mode 0600 at the first start; refuses a key that others can read. */
export async function loadSecretKey(path: string): Promise<Buffer> {
  try {
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) await chmod(path, 0o600);
    if (key.length !== KEY_BYTES) throw new Error('it does not hold 32 bytes in base64');
    return key;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return makeKey(path);
    throw new GatewayError('secret-unreadable', `the key file ${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${key.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
