import { randomInt } from 'node:crypto';
import { GatewayError } from '../../base/gateway-error.ts';
import type { User, UserCreate } from '../../contract/user.ts';

/** What `ensureFirstAdmin` needs of the users. */
interface FirstUsers {
  all(): Promise<readonly User[]>;
  create(body: UserCreate): Promise<User>;
}

/** The first admin, told once: `password` is null when the configuration gave it. */
export interface FirstAdmin {
  id: string;
  username: string;
  password: string | null;
}

/** No letters that are read as one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 5;
const GROUP_LENGTH = 4;

/**
 * Creates the user `admin` when there is no user at all, with the configured password or a generated one, which is to be
 * printed now and is known nowhere afterwards. Null when there are users. Throws `config-invalid`.
 */
export async function ensureFirstAdmin(
  users: FirstUsers,
  initialPassword: string | undefined,
): Promise<FirstAdmin | null> {
  if ((await users.all()).length > 0) return null;
  if (initialPassword !== undefined && initialPassword.length < 8) {
    throw new GatewayError('config-invalid', 'admin.initialPassword: give at least 8 characters');
  }
  const password = initialPassword ?? readablePassword();
  const { id } = await users.create({
    username: 'admin',
    displayName: 'admin',
    role: 'admin',
    projectIds: [],
    password,
  });
  return { id, username: 'admin', password: initialPassword === undefined ? password : null };
}

/** Such as `k7mp-x4hd-2wqe-n9ra-tf6c`: 99 random bits that can be read out over a phone. */
function readablePassword(): string {
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(''),
  );
  return groups.join('-');
}
