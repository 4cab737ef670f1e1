import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayProblem } from '#client/codes';
import { Pins, type PinsFile } from '#client/pins';
import { vouch } from '#client/vouching';
import type { KeyUse } from '#envelope/key-statement';
import type { CertificateTold } from '#protocol/answers';
import type { EnrolmentTold } from '#protocol/published';
import { connectionOf, type HomeFile, readHomeFile, readJsonFile, replace } from '../home';
import { type Io, UsageError } from '../io';
import { type Pending, signingOf } from './pending';

/** Moves a home to its new keys, each only once it is bound: until then the old one signs and calls. @throws UsageError when one is not yet */
export async function settle(io: Io, home: string, pending: Pending, certificate: string | undefined): Promise<void> {
  const file = readHomeFile(home);
  const next: HomeFile = { ...file };
  const { client } = pending;
  if (client && certificate !== undefined) {
    next.clientKey = client.key;
    next.clientCertificate = client.certificate ?? client.key.replace(/\.key$/, '.pem');
    writeFileSync(join(home, next.clientCertificate), certificate);
  }
  const told = await asNew(home, next);
  const pins = await Pins.of(readJsonFile(join(home, file.pins)) as PinsFile);
  for (const { contact, fingerprint, key } of pending.contacts) {
    await requireBound(told, { pins, agency: file.agency, contact, fingerprint, uses: ['seal', 'sign'], at: io.now() });
    if (contact === file.contact) next.signingKey = key;
  }
  for (const { contact, fingerprint, uses } of pending.smime ?? []) await requireBound(told, { pins, agency: file.agency, contact, fingerprint, uses, at: io.now() });
  const smimeSigning = signingOf(pending, file.contact);
  if (smimeSigning) next.smimeSigning = smimeSigning;
  replace(join(home, 'waybill.json'), JSON.stringify(next, undefined, 2));
}

/** Our certificates as the directory has them, asked with the new client certificate where there is one. */
async function asNew(home: string, file: HomeFile): Promise<CertificateTold[]> {
  const connection = connectionOf(home, file);
  try {
    await connection.json<EnrolmentTold>({ path: '/v1/directory/enrolment' });
    return (await connection.json<{ items: CertificateTold[] }>({ path: `/v1/directory/agencies/${file.agency}/certificates` })).items;
  } catch (error) {
    if (error instanceof GatewayProblem && error.code === 'CERTIFICATE_UNKNOWN') throw notYet('the new client certificate');
    throw error;
  } finally {
    connection.close();
  }
}

async function requireBound(told: readonly CertificateTold[], { pins, agency, contact, fingerprint, uses, at }: { pins: Pins; agency: string; contact: string; fingerprint: string; uses: readonly KeyUse[]; at: Date }): Promise<void> {
  for (const use of uses) {
    const own = told.find((each) => each.fingerprint === fingerprint && each.use === use && each.revokedAt === undefined);
    const verdict = own && (await vouch(own, pins, { agency, contact, use }, at));
    if (!verdict?.ok) throw notYet(`${contact}’s new key to ${use}`);
  }
}

const notYet = (what: string): UsageError => new UsageError([`${what} is not bound yet: the old one stays in use`], 'Ask the operator to bind the approval, then: waybill enrol finish');
