import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate and its key as files and as text (PEM). */
export interface TestCertificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
}

/** An authority of the test's own, made with OpenSSL; `remove` deletes all it made. */
export class TestAuthority {
  readonly #folder: string;
  readonly own: TestCertificate;

  private constructor(folder: string, own: TestCertificate) {
    this.#folder = folder;
    this.own = own;
  }

  static async create(name = 'Test authority'): Promise<TestAuthority> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-ca-'));
    const own = filesOf(folder, 'ca');
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    await openssl('req', '-x509', ...newKey(own.keyFile), '-out', own.certFile, ...subject);
    return new TestAuthority(folder, await read(own));
  }

  /** A certificate for the names, as in `DNS:broker.example,IP:127.0.0.1`; `days` below zero: it has expired. */
  async issue(name: string, alternativeNames = `DNS:${name}`, days = 2): Promise<TestCertificate> {
    const made = filesOf(this.#folder, name);
    const request = `${made.certFile}.csr`;
    const extensions = `${made.certFile}.ext`;
    await openssl('req', ...newKey(made.keyFile), '-out', request, '-subj', `/CN=${name}`);
    await writeFile(extensions, `subjectAltName=${alternativeNames}\n`);
    const authority = ['-CA', this.own.certFile, '-CAkey', this.own.keyFile, '-CAcreateserial'];
    const validity = ['-days', String(days), '-extfile', extensions];
    await openssl('x509', '-req', '-in', request, ...authority, ...validity, '-out', made.certFile);
    return read(made);
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

type CertificateFiles = Pick<TestCertificate, 'certFile' | 'keyFile'>;

function filesOf(folder: string, name: string): CertificateFiles {
  return { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
}

async function read(files: CertificateFiles): Promise<TestCertificate> {
  const [cert, key] = await Promise.all([readFile(files.certFile, 'utf8'), readFile(files.keyFile, 'utf8')]);
  return { ...files, cert, key };
}

function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file];
}

async function openssl(...args: string[]): Promise<void> {
  await run('openssl', args);
}
