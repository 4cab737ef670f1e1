import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Connection } from '#client/connection';
import { Pins, PINS_FORMAT, type PinsFile } from '#client/pins';
import type { Certificate } from '#envelope/certificates';
import { ownsKey, readOutsideCertificate } from '#envelope/certificate-request';
import { coordinatorIn, readApproval } from '#enrolment/approval';
import { EnrolmentRefusal } from '#enrolment/codes';
import { sameFingerprint } from '#enrolment/fingerprint';
import { examineHome } from '../doctor/home';
import type { Result } from '../ending';
import { certificateWith, named, namedText } from '../files';
import { connectionOf, type HomeFile, passphraseOf, readHomeFile, readJsonFile, replace } from '../home';
import { type Io, UsageError } from '../io';
import { homeOf } from './begin';
import { confirmedKeys, publishedKeys } from './gateway-keys';
import { forgetPending, openingOf, type Pending, readPending, signingOf } from './pending';
import { settle } from './settling';

export interface FinishOptions {
  home?: string;
  certificate?: string;
  ca?: string;
  approval?: string;
  coOrdinator?: string;
  gatewayKey?: string[];
  pins?: string;
  role?: string;
  agreement?: string;
}

/** Puts into use what was approved and bound, and looks whether all of it holds. */
export async function finishEnrolment(io: Io, options: FinishOptions): Promise<Result> {
  const home = homeOf(io, options.home);
  const pending = readPending(home);
  if (existsSync(join(home, 'waybill.json'))) await settle(io, home, pending, clientCertificate(io, home, pending, options.certificate));
  else await firstHome(io, home, pending, options);
  forgetPending(home);
  const examined = await examineHome(io, home);
  return { ...examined, data: { home, agency: pending.agency, ...examined.data }, text: `${home} is ready.\n${examined.text}` };
}

/** The certificate that was issued for our key, or the one that we came with. @throws UsageError */
function clientCertificate(io: Io, home: string, pending: Pending, given: string | undefined): string | undefined {
  const { client } = pending;
  if (!client) return undefined;
  if (client.certificate !== undefined) return readFileSync(join(home, client.certificate), 'utf8');
  if (given === undefined) throw new UsageError(['the certificate that was issued is missing'], 'Name it: --certificate client.pem.');
  const pem = namedText(io, given, 'the certificate that was issued for you (PEM)');
  const read = readOutsideCertificate(pem);
  if (!read.ok || !ownsKey(readFileSync(join(home, client.key), 'utf8'), read.presented.spki, passphraseOf(home, pending))) throw new UsageError([`${given} is not the certificate of ${join(home, client.key)}`], 'Take the one that was issued for this enrolment.');
  return pem;
}

async function firstHome(io: Io, home: string, pending: Pending, options: FinishOptions): Promise<void> {
  const certificate = clientCertificate(io, home, pending, options.certificate);
  const faults = [
    ...(pending.client && certificate !== undefined ? [] : ['the enrolment has no client certificate']),
    ...(options.ca === undefined ? ['the authority of the gateway’s own certificate is missing: --ca ca.pem'] : []),
    ...(options.coOrdinator === undefined ? ['the co-ordinator’s fingerprint is missing, as it was read out to you: --co-ordinator FINGERPRINT'] : []),
    ...(options.approval === undefined && options.pins === undefined ? ['the approval is missing: --approval approval.json'] : []),
  ];
  if (faults.length > 0) throw new UsageError(faults, 'waybill enrol finish --help shows all of it.');
  const { client, passphraseFile, contacts } = pending;
  const ca = namedText(io, options.ca as string, 'the authority of the gateway’s certificate (PEM)');
  const pins = options.pins === undefined ? await newPins(io, home, pending, { ...options, certificate: certificate as string, ca }) : await givenPins(io, pending, options.pins, options.coOrdinator as string);
  const clientFile = client?.certificate ?? (client?.key as string).replace(/\.key$/, '.pem');
  writeFileSync(join(home, clientFile), certificate as string);
  writeFileSync(join(home, 'ca.pem'), ca);
  replace(join(home, 'pins.json'), JSON.stringify(pins, undefined, 2));
  const [first] = contacts;
  const smimeSigning = signingOf(pending, first?.contact ?? '');
  const smimeOpening = openingOf(pending);
  const agreement = options.agreement?.split('@');
  const file: HomeFile = {
    gateway: pending.gateway, agency: pending.agency, contact: first?.contact ?? '', ...(options.role ? { role: options.role } : {}),
    ...(agreement ? { agreement: { id: agreement[0] ?? '', version: agreement[1] ?? '' } } : {}),
    ca: 'ca.pem', clientCertificate: clientFile, clientKey: client?.key ?? '', signingKey: first?.key ?? '', openingKeys: contacts.map(({ key }) => key), pins: 'pins.json',
    ...(smimeSigning && { smimeSigning }), ...(smimeOpening.length > 0 && { smimeOpening }),
    ...(passphraseFile ? { passphraseFile } : {}),
  };
  replace(join(home, 'waybill.json'), JSON.stringify(file, undefined, 2));
}

/** What is trusted from now on: the co-ordinator by the fingerprint that was read out, the gateway's keys by theirs. */
async function newPins(io: Io, home: string, pending: Pending, given: FinishOptions & { certificate: string; ca: string }): Promise<PinsFile> {
  const octets = named(io, given.approval as string, 'the approval that you were sent');
  const coordinator = await certificateWith(coordinatorIn(octets), given.coOrdinator as string);
  await requireOurs(octets, coordinator, { home, pending, at: io.now() });
  const passphrase = passphraseOf(home, pending);
  const connection = new Connection({ gateway: pending.gateway, ca: given.ca, certificate: given.certificate, key: readFileSync(join(home, pending.client?.key ?? '')), ...(passphrase === undefined ? {} : { passphrase }) });
  try {
    const keys = confirmedKeys(await publishedKeys(connection), given.gatewayKey ?? []);
    return { format: PINS_FORMAT, gateway: pending.gateway, ...keys, coordinators: [{ fingerprint: coordinator.fingerprint, certificate: Buffer.from(coordinator.octets).toString('base64') }] };
  } finally {
    connection.close();
  }
}

/** The approval is of the enrolment that lies here, unchanged. @throws EnrolmentRefusal */
async function requireOurs(octets: Uint8Array, coordinator: Certificate, { home, pending, at }: { home: string; pending: Pending; at: Date }): Promise<void> {
  const approval = await readApproval(octets, { coordinators: [coordinator], at });
  const own = createHash('sha256').update(readFileSync(join(home, 'enrolment.json'))).digest('hex');
  const differing = [...(approval.agency === pending.agency && approval.gateway === pending.gateway ? [] : ['agency or gateway']), ...(approval.enrolment === own ? [] : ['enrolment'])];
  if (differing.length > 0) throw new EnrolmentRefusal('APPROVAL_MISMATCH', { places: differing });
}

/** Pins that somebody handed over by another way than the gateway. */
async function givenPins(io: Io, pending: Pending, given: string, fingerprint: string): Promise<PinsFile> {
  const file = readJsonFile(resolve(io.cwd, given)) as PinsFile;
  const pins = await Pins.of(file);
  if (pins.gateway !== pending.gateway) throw new UsageError([`the pins are for ${pins.gateway}, the enrolment for ${pending.gateway}`], 'Ask for the pins of this gateway.');
  if (!pins.coordinators.every((each) => sameFingerprint(fingerprint, each.fingerprint))) throw new EnrolmentRefusal('FINGERPRINT_DIFFERS', {});
  return file;
}

/** A new key of the gateway, once somebody has read it out. What was pinned before stays: it signed what is kept. */
export async function pinGatewayKeys(io: Io, options: { home?: string; gatewayKey: string[] }): Promise<Result> {
  const home = homeOf(io, options.home);
  const file = readHomeFile(home);
  const path = join(home, file.pins);
  const pins = await Pins.of(readJsonFile(path) as PinsFile);
  const connection = connectionOf(home, file);
  try {
    const published = await publishedKeys(connection);
    const held = published.filter((key) => (key.signs === 'register' ? pins.logKeys.includes(key.vkey) : pins.gatewayKeys.some((each) => each.kid === key.kid)));
    const { gatewayKeys, logKeys } = confirmedKeys(published, [...held.map(({ kid }) => kid), ...options.gatewayKey]);
    const now: PinsFile = { ...pins.toFile(), gatewayKeys: [...pins.gatewayKeys.filter((key) => !gatewayKeys.some(({ kid }) => kid === key.kid)), ...gatewayKeys], logKeys: [...new Set([...pins.logKeys, ...logKeys])] };
    replace(path, JSON.stringify(now, undefined, 2));
    return { ending: 'done', data: { gatewayKeys: now.gatewayKeys.map(({ kid }) => kid), logKeys: now.logKeys }, text: `Pinned ${options.gatewayKey.join(', ')}.` };
  } finally {
    connection.close();
  }
}
