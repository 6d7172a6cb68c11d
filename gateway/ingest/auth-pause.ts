import type { FeedFailure } from './feeds.ts';

/** Why a camera is not asked just now, for a technician. */
export function pauseMessage(username: string): string {
  return `the camera refused the password of user "${username}" lately; the gateway waits so that the account is not locked. Correct the password to try at once`;
}

/** What someone hears who comes while a refused sign-in is not tried again. */
export function asPaused(failure: FeedFailure): FeedFailure {
  return failure.code === 'auth-failed' ? { ...failure, code: 'auth-paused' } : failure;
}
