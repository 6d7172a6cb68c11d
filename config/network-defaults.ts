/** Loopback, private (RFC 1918), link-local and unique-local networks: where site cameras live. */
export const privateNetworks: readonly string[] = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/** Where messages may go unless the configuration says otherwise: robots live on the internet, SMS gateways anywhere. */
export const anyNetwork: readonly string[] = ['0.0.0.0/0', '::/0'];

/**
 * Where messages never go: link-local addresses (with the metadata services of clouds), those services' other addresses,
 * IPv4 within IPv6 translations, multicast, broadcast and what is no host.
 */
export const neverContacted: readonly string[] = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fd00:ec2::254/128',
  'fe80::/10',
  'ff00::/8',
  '64:ff9b::/96',
  '2002::/16',
];
