import { describe, expect, it } from 'vitest';
import { nodeAt, textAt } from '../../../../gateway/discovery/soap/xml-node.ts';
import { readXml } from '../../../../gateway/discovery/soap/xml-reader.ts';

describe('readXml', () => {
  it('gives names without prefixes, attributes, decoded text and CDATA as it is', () => {
    const read = readXml(
      Buffer.from(
        '\uFEFF<?xml version="1.0"?>\n<a:E x:t="1 &amp; 2"><b:P>&#x4e1c;&lt; <![CDATA[&amp;]]></b:P><!-- c --></a:E>',
      ),
    );
    expect(read.ok && textAt(read.root, 'P')).toBe('东< &amp;');
    expect(read.ok && read.root.attributes.get('t')).toBe('1 & 2');
  });

  it('mends bare ampersands and leaves unknown entities as they are', () => {
    const read = readXml(Buffer.from('<U>rtsp://h/?a=1&b=2&amp;c=3&evil;</U>'));
    expect(read.ok && read.root.text).toBe('rtsp://h/?a=1&b=2&c=3&evil;');
  });

  it('reads GB2312 as cameras made in China still send it', () => {
    const bytes = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GB2312"?><N>'),
      Buffer.from([0xb6, 0xab, 0xc3, 0xc5]),
      Buffer.from('</N>'),
    ]);
    const read = readXml(bytes);
    expect(read.ok && read.root.text).toBe('东门');
  });

  const bad: [string, string | Buffer, string][] = [
    ['nothing', '', 'empty'],
    ['a web page', '<!DOCTYPE html>\n<html></html>', 'html'],
    ['a document type', '<!DOCTYPE foo SYSTEM "file:///etc/passwd"><foo/>', 'entities'],
    ['an entity', '<?xml version="1.0"?><!doctype x [<!entity a "b">]><x>&a;</x>', 'entities'],
    ['an open element', '<a><b></b>', 'malformed'],
    ['a cut tag', '<a><b', 'malformed'],
    ['crossed tags', '<a><b></a></b>', 'malformed'],
    ['a name that could poison prototypes', '<a><__proto__><x/></__proto__></a>', 'malformed'],
    ['a nesting of 1000', '<a>'.repeat(1000) + '</a>'.repeat(1000), 'malformed'],
    ['too many tags', `<a>${'<b/>'.repeat(100_000)}</a>`, 'too-large'],
    ['more than a megabyte', Buffer.alloc(1_048_577, 0x20), 'too-large'],
    ['random bytes', Buffer.from([0xff, 0xfe, 0x00, 0x12, 0x80]), 'malformed'],
  ];
  for (const [name, input, why] of bad) {
    it(`refuses ${name} as ${why}`, () => {
      expect(readXml(Buffer.from(input))).toMatchObject({ ok: false, why });
    });
  }

  it('poisons no prototype', () => {
    readXml(Buffer.from('<a><constructor><prototype polluted="1"/></constructor></a>'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const read = readXml(Buffer.from('<a><hasOwnProperty>1</hasOwnProperty></a>'));
    expect(read.ok && nodeAt(read.root, 'b')).toBeFalsy();
  });
});
