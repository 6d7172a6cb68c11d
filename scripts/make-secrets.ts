import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Rounds of Mosquitto's own `mosquitto_passwd` (PBKDF2 with SHA-512, scheme 7). */
const ROUNDS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;

/** A line of Mosquitto's password file. */
export function mosquittoLine(username: string, password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const hash = pbkdf2Sync(password, salt, ROUNDS, HASH_BYTES, 'sha512');
  return `${username}:$7$${ROUNDS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/**
 * Writes what docker-compose.yml expects in `folder`: random passwords of the first user, the gateway at the broker and the
 * tracker at the broker, and the broker's password file. Overwrites nothing; throws where the folder is there already.
 */
export async function makeSecrets(folder: string): Promise<void> {
  if (existsSync(folder)) {
    throw new Error(`${folder} is there already; move it away first if you want new passwords`);
  }
  await mkdir(folder, { mode: 0o700 });
  const word = (): string => randomBytes(18).toString('base64url');
  const [admin, gateway, tracker] = [word(), word(), word()];
  const files: Record<string, string> = {
    'admin-password': admin,
    'mqtt-gateway-password': gateway,
    'mqtt-tracker-password': tracker,
    'mosquitto-passwords': `${mosquittoLine('gateway', gateway)}\n${mosquittoLine('tracker', tracker)}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(path, text);
    // Containers see the single file, as users of their own; the folder keeps all others out.
    await chmod(path, 0o444);
  }
}

if (import.meta.main) {
  const folder = process.argv[2] ?? 'secrets';
  try {
    await makeSecrets(folder);
    process.stdout.write(
      `Written to ${folder}/. Sign in as admin with ${folder}/admin-password; the tracker's user is "tracker" with ${folder}/mqtt-tracker-password.\n`,
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
