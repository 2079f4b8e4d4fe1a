import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type CertificateOptions = {
  /** Of the file names and the subject: `<name>.pem` and `<name>.key`. */
  readonly name: string;
  readonly days?: number;
  /** The DNS name that a server is checked by. */
  readonly host?: string;
};

/** A certificate authority of one test's own, in a folder; its certificates are made by openssl. */
export class TestAuthority {
  readonly folder: string;
  /** The path of its own certificate. */
  readonly ca: string;

  constructor(folder: string) {
    this.folder = folder;
    this.ca = join(folder, 'ca.pem');
    mkdirSync(folder, { recursive: true });
    this.#make('ca', 365, ['basicConstraints=critical,CA:TRUE'], []);
  }

  /** A certificate of this authority, for a client or a server, with its key. */
  issue({ name, days = 365, host }: CertificateOptions): { readonly cert: string; readonly key: string } {
    const extensions = [
      'basicConstraints=critical,CA:FALSE',
      ...(host === undefined ? [] : [`subjectAltName=DNS:${host}`]),
    ];
    return this.#make(name, days, extensions, ['-CA', this.ca, '-CAkey', join(this.folder, 'ca.key')]);
  }

  #make(name: string, days: number, extensions: readonly string[], by: readonly string[]) {
    const file = (ending: string) => join(this.folder, `${name}.${ending}`);
    const made = { cert: file('pem'), key: file('key') };
    const lines = ['[req]', 'distinguished_name = dn', 'prompt = no', 'x509_extensions = v3', '[dn]', `CN = ${name}`];
    writeFileSync(file('cnf'), [...lines, '[v3]', ...extensions, ''].join('\n'));
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const out = ['-keyout', made.key, '-out', made.cert, '-days', String(days), '-config', file('cnf')];
    execFileSync('openssl', ['req', '-x509', ...curve, ...out, ...by], { stdio: 'pipe' });
    return made;
  }
}
