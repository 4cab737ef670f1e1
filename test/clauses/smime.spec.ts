import type { Decision, PlannedTransfer } from '#policy/decision';
import { addressed } from '#protocol/line';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { profile, reasonsOf } from '../world/profiles';

// What each agreement says to a recipient whose certificate is of S/MIME, asked of the whole decision and not of the choice of a way alone.

const tags = readTags().agreements;

type Keys = { protections: string[]; sealingKey: string; smimeKey?: string };
const ONLY_SMIME: Keys = { protections: ['smime'], sealingKey: 'none', smimeKey: 'current' };
const BOTH: Keys = { protections: ['openpgp', 'smime'], sealingKey: 'current', smimeKey: 'current' };

/** The permitted share of the agreement's examples, its first recipient with these keys. */
function decided(tag: string, keys: Keys, changes: Record<string, unknown> = {}): { decision: Decision; to: string } {
  const { cases, decided: decide } = profile(tags.get(tag) ?? tag);
  const before = decide();
  if (before.outcome !== 'permitted') throw new Error('its first example is not permitted');
  const { recipient } = before.transfers[0] as PlannedTransfer;
  const contact = `/parties/${recipient.agency}/contacts/${cases.world.parties[recipient.agency]?.contacts.findIndex((each) => each.contact === recipient.contact)}`;
  return { decision: decide({ ...Object.fromEntries(Object.entries(keys).map(([field, value]) => [`${contact}/${field}`, value])), ...changes }), to: addressed(recipient) };
}

/** How it gets there, with `or` what it may be sealed with instead; or the codes, with their causes, for which it does not. */
function told({ decision, to }: { decision: Decision; to: string }): string {
  const transfer = decision.outcome === 'permitted' ? decision.transfers.find(({ recipient }) => addressed(recipient) === to) : undefined;
  if (transfer) return [transfer.route, transfer.protection, ...(transfer.orSmime ? ['or', 'smime'] : [])].join(' ');
  return reasonsOf(decision).filter(({ recipient }) => recipient && addressed(recipient) === to).map(({ code, cause }) => [code, cause].filter(Boolean).join(' ')).join(', ');
}

test.each([
  ['NWADCS CH-01', 'mailbox smime'],
  ['WIR CH-01', 'mailbox smime'],
  ['SOL CH-01', 'mailbox smime'],
  ['WOR CH-02', 'NO_ADMITTED_CHANNEL'],
  ['LLR CH-02', 'NO_ADMITTED_CHANNEL'],
])('%s: to a recipient with an S/MIME certificate alone: %s', (title, expected) => {
  expect(told(decided(title.split(' ')[0] ?? '', ONLY_SMIME))).toBe(expected);
});

test.each([
  ['NWADCS CH-03', 'mailbox openpgp or smime'],
  ['WIR CH-03', 'mailbox openpgp or smime'],
  ['SOL CH-03', 'mailbox openpgp or smime'],
  ['WOR CH-03', 'mailbox openpgp'],
  ['LLR CH-03', 'mailbox openpgp'],
])('%s: to one with both, OpenPGP is planned, and S/MIME may stand in where the agreement admits it: %s', (title, expected) => {
  expect(told(decided(title.split(' ')[0] ?? '', BOTH))).toBe(expected);
});

describe.each(['unverified', 'expired', 'revoked', 'weak'])('a certificate that is %s', (smimeKey) => {
  test.each(['NWADCS CH-15', 'WIR CH-15', 'SOL CH-15'])('%s: is not sealed to, in an emergency neither', (title) => {
    for (const changes of [{}, { '/manifest/urgency': 'emergency' }]) expect(told(decided(title.split(' ')[0] ?? '', { ...ONLY_SMIME, smimeKey }, changes))).toBe(`KEY_NOT_VERIFIED ${smimeKey}`);
  });

  test.each(['NWADCS', 'WIR', 'SOL', 'WOR', 'LLR'])('%s CH-15: and takes nothing from an OpenPGP key beside it', (tag) => {
    expect(told(decided(tag, { ...BOTH, smimeKey }))).toBe('mailbox openpgp');
  });
});

test.each([['WIR', 'mailbox smime'], ['NWADCS', 'mailbox smime'], ['SOL', 'mailbox smime'], ['WOR', 'KEY_NOT_VERIFIED expired, NO_ADMITTED_CHANNEL'], ['LLR', 'KEY_NOT_VERIFIED expired, NO_ADMITTED_CHANNEL']])('%s CH-03: where the OpenPGP key has expired and the certificate holds: %s', (tag, expected) => {
  expect(told(decided(tag, { ...BOTH, sealingKey: 'expired' })).split(', ').sort().join(', ')).toBe(expected);
});
