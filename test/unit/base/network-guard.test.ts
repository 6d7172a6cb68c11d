import { describe, expect, it } from 'vitest';
import { NetworkGuard } from '../../../gateway/base/network-guard.ts';
import { privateNetworks } from '../../../config/network-defaults.ts';

describe('NetworkGuard', () => {
  const guard = new NetworkGuard(privateNetworks);

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.9',
    '192.168.10.64',
    '::1',
    'fd00::12',
    '[fe80::1]',
    '::ffff:192.168.1.5',
  ])('allows %s by default', (address) => expect(guard.allows(address)).toBe(true));

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '169.254.169.254',
    '2001:db8::1',
    '::ffff:8.8.8.8',
    'camera.local',
    '',
    '0.0.0.0',
  ])('refuses %s by default', (address) => expect(guard.allows(address)).toBe(false));

  it('says which network is missing when it refuses', async () => {
    await expect(new NetworkGuard(['10.0.0.0/8']).resolve('127.0.0.1')).rejects.toThrow(
      /127\.0\.0\.1.*discovery\.allowedNetworks/,
    );
  });

  it('resolves a name once and gives the address to connect to', async () => {
    expect(['127.0.0.1', '::1']).toContain(await guard.resolve('localhost'));
  });

  it.each(['10.0.0.0/33', 'site', '10.0.0/8', 'fd00::/129'])('refuses %s in the configuration', (network) => {
    expect(() => new NetworkGuard([network])).toThrow(/discovery\.allowedNetworks/);
  });
});
