import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { GRAMMAR } from '#protocol/grammar';
import type { Result } from '../ending';
import { namedText, passphraseIn } from '../files';
import { type HomeFile, readHomeFile, replace } from '../home';
import { type Io, UsageError } from '../io';
import { type ClientWanted, makeKeys, type SmimeWanted } from './making';
import { isPending, openingOf } from './pending';

export interface BeginOptions {
  home?: string;
  agency: string;
  gateway: string;
  contact: string[];
  clientCertificate?: string;
  clientKey?: string;
  smime?: string[];
  passphraseFile?: string;
}

/** Where the home is to be. @throws UsageError */
export function homeOf(io: Io, folder: string | undefined): string {
  const chosen = folder ?? io.env['WAYBILL_HOME_DIR'];
  if (!chosen) throw new UsageError(['no home is named'], 'Name the folder of your enrolment with --home or WAYBILL_HOME_DIR.');
  return resolve(io.cwd, chosen);
}

export async function begin(io: Io, options: BeginOptions): Promise<Result> {
  const home = homeOf(io, options.home);
  const { agency, gateway, contact: contacts } = options;
  const faults = [
    ...(GRAMMAR.agency.test(agency) ? [] : ['--agency is not an id, like st-brigid-primary']),
    ...(GRAMMAR.origin.test(gateway) ? [] : ['--gateway must be an origin, like https://gateway.example']),
    ...contacts.filter((each) => !GRAMMAR.contact.test(each)).map(() => '--contact is not an id, like safeguarding-lead'),
    ...(new Set(contacts).size < contacts.length ? ['a contact is named twice'] : []),
    ...(existsSync(join(home, 'waybill.json')) ? [`${home} is enrolled already: waybill enrol rotate makes new keys beside the old`] : []),
    ...(isPending(home) ? [`an enrolment waits in ${home} to be finished: waybill enrol finish`] : []),
  ];
  if (faults.length > 0) throw new UsageError(faults, 'Take agency and contacts as the co-ordinator told you.');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  const { result } = await makeKeys({ home, agency, gateway, contacts, client: clientOf(io, options), smime: smimeOf(io, options), ...passphraseOf(io, home, options.passphraseFile) }, io.now());
  return result;
}

export interface RotateOptions {
  home?: string;
  client?: boolean;
  contact?: string[];
  clientCertificate?: string;
  clientKey?: string;
  smime?: string[];
}

/** New keys beside the old ones: from now on both open, and the new ones sign when they are bound. */
export async function rotate(io: Io, options: RotateOptions): Promise<Result> {
  const home = homeOf(io, options.home);
  const file = readHomeFile(home);
  const contacts = options.contact ?? [];
  const client = options.client || options.clientCertificate !== undefined;
  const smime = smimeOf(io, options);
  const faults = [
    ...(!client && contacts.length === 0 && smime.length === 0 ? ['nothing is named to be rotated'] : []),
    ...contacts.filter((each) => !GRAMMAR.contact.test(each)).map(() => '--contact is not an id'),
    ...(isPending(home) ? [`keys wait in ${home} already: waybill enrol finish`] : []),
  ];
  if (faults.length > 0) throw new UsageError(faults, 'Give --client, --contact with a contact of yours, or --smime.');
  const lock = file.passphraseFile === undefined ? undefined : join(home, file.passphraseFile);
  const { pending, result } = await makeKeys({ home, agency: file.agency, gateway: file.gateway, contacts, smime, ...(client ? { client: clientOf(io, options) } : {}), ...passphraseOf(io, home, lock) }, io.now());
  // Before anybody can seal to them.
  const openingKeys = [...pending.contacts.map(({ key }) => key), ...file.openingKeys];
  const smimeOpening = [...openingOf(pending), ...(file.smimeOpening ?? [])];
  replace(join(home, 'waybill.json'), JSON.stringify({ ...file, openingKeys, ...(smimeOpening.length > 0 && { smimeOpening }) } satisfies HomeFile, undefined, 2));
  return result;
}

/** `contact=certificate,key`, once for each certificate. @throws UsageError */
function smimeOf(io: Io, { smime = [] }: { smime?: string[] }): SmimeWanted[] {
  return smime.map((each) => {
    const [, contact, certificate, key] = /^([^=]+)=([^,]+),([^,]+)$/.exec(each) ?? [];
    if (contact === undefined || certificate === undefined || key === undefined || !GRAMMAR.contact.test(contact)) throw new UsageError([`--smime ${each} does not name a contact, a certificate and its key`], 'Write it as front-door=certificate.pem,key.pem.');
    return { contact, certificate: namedText(io, certificate, 'your S/MIME certificate (PEM)'), key: namedText(io, key, 'its key (PEM)') };
  });
}

function clientOf(io: Io, { clientCertificate, clientKey }: { clientCertificate?: string; clientKey?: string }): ClientWanted {
  if (clientCertificate === undefined && clientKey === undefined) return 'request';
  if (clientCertificate === undefined || clientKey === undefined) throw new UsageError(['an outside certificate and its key go together'], 'Give both --client-certificate and --client-key.');
  return { certificate: namedText(io, clientCertificate, 'your client certificate (PEM)'), key: namedText(io, clientKey, 'its key (PEM)') };
}

function passphraseOf(io: Io, home: string, passphraseFile: string | undefined): { passphrase?: string; passphraseFile?: string } {
  const passphrase = passphraseIn(io, passphraseFile);
  return passphraseFile === undefined || passphrase === undefined ? {} : { passphrase, passphraseFile: relative(home, resolve(io.cwd, passphraseFile)) };
}
