import type { AuthOutcome } from './http-digest.ts';

/** One request that bore a user name and password, or should have. */
export interface AuthTry {
  /** Unix milliseconds. */
  at: number;
  service: 'onvif' | 'snapshot' | 'rtsp';
  way: 'digest' | 'wsse' | 'basic';
  outcome: AuthOutcome;
}

const keptTries = 1000;

/** What a camera's own log says of who tried to sign in; requests without a password are not in it. */
export class AuthLog {
  private readonly tries: AuthTry[] = [];
  /** Since the start: how many were let in, and how many bore a wrong password. */
  accepted = 0;
  refused = 0;

  add(service: AuthTry['service'], way: AuthTry['way'], outcome: AuthOutcome): void {
    if (outcome === 'missing') return;
    if (outcome === 'ok') this.accepted += 1;
    if (outcome === 'wrong') this.refused += 1;
    this.tries.push({ at: Date.now(), service: service, way, outcome });
    if (this.tries.length > keptTries) this.tries.shift();
  }

  /** The newest thousand, oldest first. */
  toJSON(): { accepted: number; refused: number; tries: readonly AuthTry[] } {
    return { accepted: this.accepted, refused: this.refused, tries: this.tries };
  }
}
