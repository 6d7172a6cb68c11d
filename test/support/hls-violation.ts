/** A broken rule of RFC 8216bis. */
export interface HlsViolation {
  /** Section of the RFC. */
  section: string;
  rule: string;
  /** The media sequence number or the value that shows it. */
  at: string;
}
