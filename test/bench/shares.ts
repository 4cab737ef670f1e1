import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cutHead } from '#envelope/cutting';
import { readSealedOctets } from '#envelope/gate';
import { seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { uuid7 } from '#platform/ids';
import type { Agreement } from '#policy/agreement';
import { sha256 } from '#protocol/digest';
import type { Partner } from '../../apps/standalone/partnership';
import { STATED, THOUGHT_OF } from '../world/share-file';

/** Shares of 4 KB: two parts to two recipients, sealed and signed before the clock starts. */
export interface Prepared {
  /** A file of form bodies, one after the other. */
  file: string;
  boundary: string;
  shares: { id: string; at: number; length: number }[];
}

const SEALED_OCTETS = 2_048;
const BOUNDARY = 'waybill-bench';

/**
 * The wrapped keys are real, made once; each part's encrypted data is random, as to the gate all encrypted data is: sealing thousands
 * of parts would take longer than sending them. Signatures are real, one a share.
 */
export async function prepareShares(count: number, { sender, recipients, origin, agreement, file, octets = () => SEALED_OCTETS, urgency = 'routine' }: { sender: Partner; recipients: readonly { partner: Partner; contact: string; needToKnow: string }[]; origin: string; agreement: Agreement; file: string; octets?: (share: number) => number; urgency?: 'routine' | 'urgent' | 'emergency' }): Promise<Prepared> {
  const [contact, keys] = [...sender.keys][0] as [string, Partner['keys'] extends ReadonlyMap<string, infer K> ? K : never];
  const sealed = await seal({ octets: Buffer.from('-'), to: recipients.map(({ partner, contact: to }) => partner.keys.get(to)?.certificate).filter((each) => each !== undefined), signer: keys.key, manifest: uuid7(), part: 'part-1' });
  const gate = await readSealedOctets(sealed, { maxOctets: 65_536, maxAddressees: 8 });
  if (!gate.ok) throw new Error(gate.problem.code);
  const wrapped = cutHead(gate.part.addressees);
  const bodies: Buffer[] = [];
  const shares: Prepared['shares'] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const id = uuid7();
    const parts = ['names', 'contacts-with-service'].map((category, n) => {
      const data = sealedData(octets(i));
      return { name: `part-${n + 1}`, category, digest: sha256(data), octets: Buffer.concat([wrapped, data]) };
    });
    const to = recipients.map(({ partner, contact: name, needToKnow }) => ({ recipient: { agency: partner.plan.agency, contact: name }, needToKnow }));
    const line = (fields: object): string => JSON.stringify({ salt: randomBytes(16).toString('hex'), ...fields });
    const lines = [
      ...to.flatMap(({ recipient, needToKnow }) => parts.map(({ name, category, digest }) => line({ recipient, part: name, digest, category, kind: 'fact', needToKnow }))),
      ...to.map(({ recipient }) => line({ recipient, about: 'subject', reference: 'AB-1234', band: 'under-16' })),
      line({
        recipient: { agency: sender.plan.agency, contact }, about: 'decision', decider: contact, role: 'designated-safeguarding-lead', at: new Date().toISOString(), reasons: ['protects-from-harm'],
        ...THOUGHT_OF,
      }),
    ];
    const manifest = Buffer.from(JSON.stringify({
      format: 'waybill-manifest/1', id, sender: { agency: sender.plan.agency, contact, role: 'designated-safeguarding-lead' }, gateway: origin, created: new Date().toISOString(),
      agreement: { id: agreement.id, version: agreement.version }, purpose: 'front-door-referral', lawfulBasis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'children-act-2004-s11',
      classification: 'OFFICIAL-SENSITIVE', urgency, consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, informed: { status: 'not-informed', reason: 'puts-child-at-risk' },
      handling: { doNotTellSubject: true }, ...STATED, lines: lines.map((each) => sha256(each)).sort(),
    }));
    const signature = await signDetached({ octets: manifest, key: keys.key });
    const body = form([['manifest', manifest], ['signature', signature], ['lines', Buffer.from(JSON.stringify(lines))], ...parts.map(({ name, octets }): [string, Uint8Array] => [name, octets])]);
    bodies.push(body);
    shares.push({ id, at, length: body.length });
    at += body.length;
  }
  writeFileSync(file, Buffer.concat(bodies));
  return { file, boundary: BOUNDARY, shares };
}

/** RFC 9580, 4.2.1.2 and 5.13.1: a version 1 encrypted-data packet of random octets. */
function sealedData(octets: number): Buffer {
  const length = Buffer.alloc(5, 0xff);
  length.writeUInt32BE(octets, 1);
  return Buffer.concat([Buffer.from([0xd2]), length, Buffer.from([1]), randomBytes(octets - 1)]);
}

const form = (fields: readonly [string, Uint8Array][]): Buffer => Buffer.concat([
  ...fields.flatMap(([name, octets]) => [Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n`), Buffer.from(octets), Buffer.from('\r\n')]),
  Buffer.from(`--${BOUNDARY}--\r\n`),
]);
