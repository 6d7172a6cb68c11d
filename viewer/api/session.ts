import { computed, signal } from '@preact/signals';
import type { Session as Told, User } from '../../gateway/contract/user.ts';
import { keepSiteTime } from '../format/site-time.ts';
import { ApiError } from './api-error.ts';
import { gateway } from './gateway.ts';
import { whenSignedOut } from './request.ts';

/** Who is signed in: `asking` until the gateway said. */
export type Session =
  | { state: 'asking' }
  | { state: 'signed-out' }
  | { state: 'signed-in'; user: User }
  | { state: 'failed'; error: unknown };

/** The session of this browser, for the life of the page. */
export const session = signal<Session>({ state: 'asking' });

/** The user signed in, or null. */
export const user = computed(() => (session.value.state === 'signed-in' ? session.value.user : null));

/** Whether the user may register and change cameras. */
export const mayManageCameras = computed(
  () => user.value?.role === 'admin' || user.value?.role === 'technician',
);

/** Whether the user may set up who is told of what. */
export const isAdmin = computed(() => user.value?.role === 'admin');

/** Whether the user keeps the record: notes, steps, shares, evidence. */
export const mayKeepRecord = computed(() => user.value?.role === 'admin' || user.value?.role === 'staff');

/** Whether the user may take a snapshot. */
export const mayTakeSnapshots = computed(() => user.value !== null && user.value.role !== 'leader');

/** Asks the gateway who is signed in. */
export async function startSession(): Promise<void> {
  whenSignedOut(() => {
    session.value = { state: 'signed-out' };
  });
  session.value = { state: 'asking' };
  try {
    take(await gateway.whoAmI());
  } catch (error) {
    const nobody = error instanceof ApiError && error.status === 401;
    session.value = nobody ? { state: 'signed-out' } : { state: 'failed', error };
  }
}

/** Who is signed in, and the clock that all times are shown by. */
function take({ user: whose, site }: Told): void {
  keepSiteTime(site);
  session.value = { state: 'signed-in', user: whose };
}

/** Signs in; throws ApiError when the gateway refuses. */
export async function signIn(username: string, password: string): Promise<void> {
  take(await gateway.signIn(username, password));
}

/** Signs out here whatever the gateway answers. */
export async function signOut(): Promise<void> {
  try {
    await gateway.signOut();
  } catch {
    // The cookie may be gone already; this page forgets the user either way.
  }
  session.value = { state: 'signed-out' };
}
