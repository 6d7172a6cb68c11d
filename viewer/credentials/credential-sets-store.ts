import { signal } from '@preact/signals';
import { deviceGateway } from '../api/device-gateway.ts';
import type { CredentialSet } from '../../gateway/contract/credential-set.ts';

/** The gateway's named sign-ins; null until they were read. */
export const credentialSets = signal<readonly CredentialSet[] | null>(null);

/** Reads them anew; throws ApiError. */
export async function loadCredentialSets(): Promise<void> {
  credentialSets.value = await deviceGateway.credentialSets();
}
