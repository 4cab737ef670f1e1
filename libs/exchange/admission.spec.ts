import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { readPartOctets } from '#envelope/parts';
import type { PlannedTransfer } from '#policy/decision';
import type { Line } from '#protocol/line';
import { admit, type Permitted } from './admission';
import type { Head } from './head';
import type { SpooledPart } from './spool';

// What becomes of a container once a decision lets one go: today none does, because nothing carries it.

const TO = { agency: 'harbour-nursery', contact: 'manager' };
const OTHER = { agency: 'harbour-nursery', contact: 'deputy' };
let part: SpooledPart;
beforeAll(async () => {
  const octets = Buffer.from(await makeContainer({ files: [{ octets: Buffer.from('words'), kind: 'txt' }], passphrase: newPassphrase() }));
  const read = await readPartOctets(octets, { maxOctets: 1_000_000, maxAddressees: 9 });
  if (!read.ok) throw new Error(read.problem.code);
  expect(Buffer.from(read.data).equals(octets)).toBe(true);
  part = { ...read.part, octets, chunks: async function* () { yield octets; } };
});

const lineTo = (recipient: typeof TO) => ({ text: '', digest: '', line: { salt: '', recipient, part: 'part-1', digest: part.digest, category: 'names' } as Line });
const headTo = (...recipients: (typeof TO)[]): Head => ({ lines: recipients.map(lineTo), parts: new Map([['part-1', { digest: part.digest, category: 'names' }]]) }) as unknown as Head;
const permitted = (protection: PlannedTransfer['protection'], ...recipients: (typeof TO)[]): Permitted =>
  ({ outcome: 'permitted', transfers: recipients.map((recipient, i) => ({ recipient, protection, lines: [i], lane: 'routine', hub: false })), struckOff: [], warnings: [], tells: [] }) as unknown as Permitted;
const admitted = (head: Head, decision: Permitted) => admit(head, new Map([['part-1', part]]), decision, () => undefined);

test('where the decision says so, its one recipient gets it whole: a copy without a head, sealed to no key', () => {
  const admission = admitted(headTo(TO), permitted('aes-zip', TO));
  expect(admission.ok && [...admission.copies]).toEqual([['harbour-nursery/manager', { protection: 'aes-zip', of: [{ part: 'part-1', head: new Uint8Array(0), keys: [] }] }]]);
});

test.each<[string, PlannedTransfer['protection'], (typeof TO)[], string[]]>([
  ['where OpenPGP was decided', 'openpgp', [TO], ['SEALED_OTHERWISE']],
  ['for two, who would share its passphrase', 'aes-zip', [TO, OTHER], ['CONTAINER_SHARED', 'CONTAINER_SHARED']],
])('not %s', (_what, protection, recipients, codes) => {
  const admission = admitted(headTo(...recipients), permitted(protection, ...recipients));
  expect(admission.ok ? [] : admission.reasons.map(({ code }) => code)).toEqual(codes);
});
