import { describe, expect, it } from 'vitest';
import { reachableService, reachableUri } from '../../../../gateway/discovery/onvif/reachable-uri.ts';

describe('reachableUri', () => {
  const cases: [string, string | null][] = [
    ['rtsp://192.168.1.64:554/Streaming/101?a=1&b=2', 'rtsp://10.0.0.5:554/Streaming/101?a=1&b=2'],
    ['rtsp://0.0.0.0/live', 'rtsp://10.0.0.5/live'],
    ['rtsp://user:p@ss@192.168.1.64:8554/x', 'rtsp://10.0.0.5:8554/x'],
    ['rtsp://[fe80::1]:554/x', 'rtsp://10.0.0.5:554/x'],
    [
      'RTSP://cam/user=admin_channel=1_stream=0.sdp?real_stream',
      'rtsp://10.0.0.5/user=admin_channel=1_stream=0.sdp?real_stream',
    ],
    ['rtsp://cam/a b', 'rtsp://10.0.0.5/a%20b'],
    ['http://cam/x', null],
    ['file:///etc/passwd', null],
    ['rtsp://cam:99999999/x', null],
    ['nonsense', null],
  ];
  for (const [uri, expected] of cases) {
    it(`makes ${String(expected)} of ${uri}`, () => {
      expect(reachableUri(uri, '10.0.0.5', ['rtsp', 'rtsps'])).toBe(expected);
    });
  }
});

describe('reachableService', () => {
  const answered = 'http://10.0.0.5:8080/onvif/device_service';
  it('keeps what the device says where the host is the one that answered', () => {
    expect(reachableService('http://10.0.0.5:8081/onvif/media', answered)).toBe(
      'http://10.0.0.5:8081/onvif/media',
    );
    expect(reachableService('https://10.0.0.5/onvif/media', answered)).toBe('https://10.0.0.5/onvif/media');
  });
  it('keeps only the path where the device names another host', () => {
    expect(reachableService('http://192.168.1.64/onvif/media?x=1', answered)).toBe(
      'http://10.0.0.5:8080/onvif/media?x=1',
    );
    expect(reachableService('http://169.254.169.254/latest/meta-data', answered)).toBe(
      'http://10.0.0.5:8080/latest/meta-data',
    );
  });
  it('gives null for what is no web address', () => {
    for (const bad of [null, '', 'ftp://10.0.0.5/x', 'http://[::1/x'])
      expect(reachableService(bad, answered)).toBeNull();
  });
});
