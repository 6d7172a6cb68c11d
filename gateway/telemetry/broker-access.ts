import { timingSafeEqual } from 'node:crypto';

/** Who may do what at the embedded broker: the gateway, known by a password made anew at each start, and everyone else. */
export interface BrokerRules {
  /** Root of the gateway's topics. */
  root: string;
  username: string;
  password: string;
}

/** Client ids that begin so are the gateway's: nobody else can push its session out. */
export const GATEWAY_CLIENT_PREFIX = 'gantry-';
/** With this client id the broker of a restarted gateway asks one that outlived its own to let go of the port. */
export const SUCCESSOR_CLIENT_ID = 'gantry-successor';

/** Decides on a sign-in. Others need no user name, but must not use the gateway's. */
export function signIn(
  rules: BrokerRules,
  clientId: string,
  username: string | undefined,
  password: Uint8Array | undefined,
): 'gateway' | 'guest' | 'refused' {
  if (username === rules.username) return samePassword(rules, password) ? 'gateway' : 'refused';
  return clientId.startsWith(GATEWAY_CLIENT_PREFIX) ? 'refused' : 'guest';
}

/** Guests may publish projects and commands, nothing else; the gateway all but the broker's own topics. */
export function mayPublish(rules: BrokerRules, who: 'gateway' | 'guest', topic: string): boolean {
  if (topic.startsWith('$')) return false;
  if (who === 'gateway') return true;
  if (!topic.startsWith(`${rules.root}/`)) return false;
  const [first, second, third, ...rest] = topic.slice(rules.root.length + 1).split('/');
  if (rest.length > 0 || !second) return false;
  return (
    (first === 'tracker' && second === 'projects' && !!third) || (first === 'cameras' && third === 'command')
  );
}

function samePassword(rules: BrokerRules, password: Uint8Array | undefined): boolean {
  const wanted = Buffer.from(rules.password);
  return password?.length === wanted.length && timingSafeEqual(password, wanted);
}
