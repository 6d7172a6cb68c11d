import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { systemClock } from '../../../gateway/base/clock.ts';
import type { BrokerAddress } from '../../../gateway/telemetry/broker-address.ts';
import { brokerFault, shownUrl } from '../../../gateway/telemetry/broker-fault.ts';
import { requireUsableTls } from '../../../gateway/telemetry/broker-tls.ts';
import { MqttLink } from '../../../gateway/telemetry/mqtt-link.ts';
import { TestAuthority } from '../../support/test-certificates.ts';
import type { TestCertificate } from '../../support/test-certificates.ts';
import { Mosquitto, until } from './mosquitto.ts';

let authority: TestAuthority;
let stranger: TestAuthority;
let gateway: TestCertificate;
let impostor: TestCertificate;
let broker: Mosquitto;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [authority, stranger] = await Promise.all([TestAuthority.create(), TestAuthority.create('Stranger')]);
  gateway = await authority.issue('gateway');
  impostor = await stranger.issue('gateway');
  broker = await tlsBroker(await authority.issue('broker.example'), ['require_certificate true']);
});

afterAll(async () => {
  await broker.remove();
  await Promise.all([authority.remove(), stranger.remove()]);
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function tlsBroker(certificate: TestCertificate, more: string[] = []): Promise<Mosquitto> {
  const { certFile, keyFile } = certificate;
  const lines = [`cafile ${authority.own.certFile}`, `certfile ${certFile}`, `keyfile ${keyFile}`, ...more];
  const made = await Mosquitto.create(undefined, lines);
  await made.start();
  return made;
}

/** A link with its warnings. */
function linkTo(address: BrokerAddress) {
  const warnings: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const link = new MqttLink({
    clock: systemClock,
    logger,
    broker: address,
    clientId: 'gantry-g1',
    subscriptions: [],
    onMessage: async () => undefined,
    backoff: { firstMs: 50, maxMs: 100 },
  });
  ends.push(() => link.stop());
  link.start();
  return { link, warnings };
}

async function warningOf(address: BrokerAddress): Promise<string> {
  const { link, warnings } = linkTo(address);
  await until('it says why', () => warnings.length > 0);
  expect(link.connected).toBe(false);
  return (JSON.parse(warnings[0] ?? '{}') as { message?: string }).message ?? '';
}

const url = () => `mqtts://127.0.0.1:${broker.port}`;
const own = () => ({ ca: authority.own.cert, cert: gateway.cert, key: gateway.key });

describe('a broker that wants TLS and a client certificate', () => {
  it('is connected over MQTT 5 when authority, certificate and name are right', async () => {
    const { link, warnings } = linkTo({ url: url(), tls: { ...own(), serverName: 'broker.example' } });
    await until('connected', () => link.connected);
    expect(link.version).toBe(5);
    expect(warnings).toEqual([]);
  });

  it('with a certificate of another authority is refused, saying so', async () => {
    expect(await warningOf({ url: url(), tls: { ...own(), ca: stranger.own.cert } })).toBe(
      'the broker’s certificate is not signed by the authority in mqtt.tls.ca: put the certificate of the authority that signed it there',
    );
    expect(await warningOf({ url: url(), tls: { ...own(), ca: undefined } })).toContain(
      'not signed by an authority that this machine trusts: set mqtt.tls.ca',
    );
  });

  it('with a certificate for another name is refused, naming both', async () => {
    expect(await warningOf({ url: url(), tls: own() })).toBe(
      'the broker’s certificate is for broker.example, not for 127.0.0.1: use a name of the certificate in mqtt.url, or set mqtt.tls.serverName to it',
    );
  });

  it('that gets no client certificate, or a stranger’s, is told about in plain words', async () => {
    const serverName = 'broker.example';
    const ca = authority.own.cert;
    expect(await warningOf({ url: url(), tls: { ca, serverName } })).toContain(
      'the broker wants a client certificate: set mqtt.tls.cert and mqtt.tls.key',
    );
    const { cert, key } = impostor;
    expect(await warningOf({ url: url(), tls: { ca, cert, key, serverName } })).toContain(
      'the broker does not accept the certificate in mqtt.tls.cert',
    );
  });

  it('whose certificate has expired is refused, saying so', async () => {
    const old = await tlsBroker(await authority.issue('old', 'IP:127.0.0.1', -1));
    ends.push(() => old.remove());
    expect(await warningOf({ url: `mqtts://127.0.0.1:${old.port}`, tls: own() })).toContain('has expired');
  });
});

it('a port without TLS, one where nothing listens and a name that is not known are told apart', async () => {
  const plain = await Mosquitto.create();
  await plain.start();
  ends.push(() => plain.remove());
  expect(await warningOf({ url: `mqtts://127.0.0.1:${plain.port}`, tls: own() })).toContain(
    'it may not speak TLS',
  );
  await plain.stop();
  expect(await warningOf({ url: plain.url })).toContain('nothing listens there');
  expect(
    brokerFault(Object.assign(new Error(''), { code: 'ENOTFOUND' }), { url: 'mqtt://no.example' }),
  ).toContain('the name no.example cannot be resolved');
  expect(brokerFault(Object.assign(new Error('x'), { code: 135 }), { url: 'mqtt://h' })).toContain(
    'check mqtt.username',
  );
  expect(brokerFault(new Error('strange'), { url: 'mqtt://h' })).toBe('strange');
});

it('an address is shown without user name and password', () => {
  expect(shownUrl('mqtts://user:secret@broker.example:8883')).toBe('mqtts://broker.example:8883');
  expect(shownUrl('no url with secret@')).not.toContain('secret');
});

describe('keys and certificates of the configuration', () => {
  it('are taken when they belong together', () => {
    expect(() => requireUsableTls(own())).not.toThrow();
    expect(() => requireUsableTls({})).not.toThrow();
  });

  it('are refused, naming the key, when they cannot be read or do not belong together', () => {
    const refusal = (tls: Parameters<typeof requireUsableTls>[0]) => {
      try {
        requireUsableTls(tls);
      } catch (error) {
        return String(error);
      }
      return 'taken';
    };
    expect(refusal({ ca: 'text' })).toContain('mqtt.tls.ca is no certificate in PEM');
    expect(refusal({ cert: gateway.cert })).toContain('mqtt.tls.cert is set and mqtt.tls.key is not');
    expect(refusal({ cert: gateway.cert, key: 'text' })).toContain('mqtt.tls.key is no private key in PEM');
    expect(refusal({ cert: gateway.cert, key: impostor.key })).toContain(
      'mqtt.tls.key does not belong to the certificate',
    );
  });
});
