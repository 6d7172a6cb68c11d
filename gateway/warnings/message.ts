/** A message ready to be put into a channel's form: in the channel's language, without secrets. */
export interface Message {
  /** Of the delivery: the same at each try, so that a receiver can know a repetition. */
  id: string;
  title: string;
  /** One thing a line. */
  lines: readonly string[];
  light: 'red' | 'yellow' | 'green';
  /** Names of the projects it is about. */
  project: string;
  /** Things told in it. */
  count: number;
  /** The page to open; null when the gateway has no public address. */
  link: string | null;
  linkWord: string;
  /** Whom it is for, where a receiver wants to know (a phone number for SMS); empty for none. */
  to: string;
  /** RFC 3339. */
  at: string;
}
