import { readSecret } from '../config/load.ts';
import type { Config, Secret } from '../config/schema.ts';
import { requireUsableTls } from './telemetry/broker-tls.ts';
import type { BrokerAddress } from './telemetry/broker-address.ts';

/** The broker of the configuration with its secrets read. Throws `config-invalid` for what cannot be read or used. */
export async function configuredBroker(
  { username, password, tls }: Pick<Config['mqtt'], 'username' | 'password' | 'tls'>,
  url: string,
): Promise<BrokerAddress> {
  const read = async (secret: Secret | undefined): Promise<string | undefined> =>
    secret === undefined ? undefined : await readSecret(secret);
  const used = {
    ca: await read(tls.ca),
    cert: await read(tls.cert),
    key: await read(tls.key),
    passphrase: await read(tls.keyPassword),
    serverName: tls.serverName,
  };
  requireUsableTls(used);
  return { url, username, password: await read(password), tls: used };
}
