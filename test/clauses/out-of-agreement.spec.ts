import 'reflect-metadata';
import { generateSigningKey } from '#envelope/signing-keys';
import { type Accepted, claimsIn, draw } from '#exchange/drawing';
import { loadFolder } from '#partnership/agreements';
import { change, proposed } from '#policy/cases-run';
import { decide } from '#policy/decide';
import { sha256 } from '#protocol/digest';
import { addressed } from '#protocol/line';

const loading = loadFolder('deploy/agreements/llr');
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { agreement, cases } = loading;

test('LLR PU-09: a disclosure to one that is no party is recorded as that, with its ground, in both registers', async () => {
  const { parties, proposal } = proposed(agreement, change(cases.world, {
    '/lines/2/recipient': { agency: 'far-shire-council', contact: 'front-door' }, '/lines/2/outside': 'law-requires',
  }));
  const decision = decide(agreement, parties, proposal);
  if (decision.outcome !== 'permitted') throw new Error(JSON.stringify(decision.reasons));
  const octets = Buffer.from(JSON.stringify(proposal.manifest));
  const lines = proposal.lines.map((line) => ({ text: JSON.stringify(line), digest: sha256(JSON.stringify(line)), line }));
  const { entries, transfers } = draw({ gateway: 'https://gateway.example', key: await generateSigningKey() }, {
    sender: { agency: 'leicestershire-police', controller: 'leicestershire-chief-constable' },
    head: { manifest: proposal.manifest, manifestOctets: octets, manifestDigest: sha256(octets), lines, parts: new Map() },
    signature: Buffer.of(1), signer: 'A'.repeat(40), parts: new Map(['part-1', 'part-2'].map((name) => [name, { digest: 'a'.repeat(64), size: 1 }])), admitted: { decision, copies: new Map(decision.transfers.map(({ recipient }) => [addressed(recipient), { protection: 'openpgp', of: [] }])) }, agreement, frontDoors: [], at: new Date(proposal.at),
  } as unknown as Accepted);

  const read = entries.map((entry) => ({ controller: entry.controller, ...(JSON.parse(entry.octets.toString()) as Record<string, unknown>) }));
  expect(read.find(({ controller }) => controller === 'far-shire-council')).toMatchObject({ kind: 'share-announced', agency: 'far-shire-council', outside: ['law-requires'] });
  expect(read.find(({ controller }) => controller === 'leicestershire-chief-constable')).toMatchObject({
    kind: 'share-sent', recipients: [expect.not.objectContaining({ outside: expect.anything() }), expect.objectContaining({ agency: 'far-shire-council', outside: ['law-requires'] })],
  });
  expect(transfers.map(({ provenance }) => claimsIn(provenance).agreement.id)).toEqual(['llr', 'llr']);
});
