import type { CameraRecord } from '../camera-record.ts';
import type { CredentialSetRecord } from '../credential-sets.ts';
import type { ProjectRecord } from '../project-record.ts';

/** What the rows of a roster are judged by. */
export interface RosterContext {
  /** Projects that the one who imports may see, without archived ones. */
  projects: readonly ProjectRecord[];
  credentialSets: readonly CredentialSetRecord[];
  /** All cameras: a device belongs to one project only. */
  cameras: readonly CameraRecord[];
  /** Whether the gateway may contact an address (`discovery.allowedNetworks`). */
  allows: (address: string) => boolean;
}
