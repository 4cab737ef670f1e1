import type { Party } from '#policy/parties';
import { releasingUnmet } from '#policy/releasing';
import { underSecurityNeeds } from '#policy/security-needs';
import type { Release } from '#protocol/statement';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { profile } from '../world/profiles';

// What each agreement says to how a passphrase came to its recipient: one speaks of it, and where the others are silent it stands on safety.

const tags = readTags().agreements;
const AT = '2026-03-02T09:30:00.000Z';
const TOLD: Release = { askedBy: { contact: 'x', role: 'line-manager' }, identity: { how: 'called-back', at: AT }, route: 'telephone', called: 'x', at: AT };

/** Codes and what they stand on, of a release to the first agency of the agreement's examples, whose first contact has a telephone. */
function unmet(tag: string, change: Partial<Release> = {}): string[] {
  const { agreement, cases } = profile(tags.get(tag) ?? tag);
  const [party] = Object.values(cases.world.parties).filter(({ contacts }) => contacts.length > 0) as [Party];
  const recipient: Party = { ...party, contacts: party.contacts.map((each, i) => ({ ...each, ...(i === 0 && { telephone: '+441514960101' }) })) };
  const contact = recipient.contacts[0]?.contact ?? '';
  const stated: Release = { ...TOLD, askedBy: { ...TOLD.askedBy, contact }, called: contact, ...change };
  return releasingUnmet({ agreement, stated, recipient, at: cases.world.at > AT ? cases.world.at : AT }).map(({ code, standing }) => `${code} ${standing.on} ${standing.on === 'clause' ? standing.says : ''}`.trim());
}

test.each([
  ['WOR', 'clause §7'], ['LLR', 'technical'], ['WIR', 'technical'], ['SOL', 'technical'], ['NWADCS', 'technical'],
])('%s CH-05: told by telephone to a number of the directory it is as it should be; by mail it is refused: %s', (tag, ground) => {
  expect(unmet(tag)).toEqual([]);
  expect(unmet(tag, { route: 'mail' })).toEqual([`PASSWORD_SAME_CHAIN ${ground}`]);
  expect(unmet(tag, { askedBy: { contact: 'nobody', role: 'line-manager' } })).toEqual([`PASSPHRASE_NOT_ASKED_FOR ${ground}`]);
  expect(unmet(tag, { identity: { how: 'it-was-him', at: AT } })).toEqual([`IDENTITY_NOT_VERIFIED ${ground}`]);
  expect(unmet(tag, { called: 'nobody' })).toEqual([`NUMBER_NOT_OF_DIRECTORY ${ground}`]);
});

test('LLR AS-18: the means of access to what probation shares is told to whoever asked for it, by another way than it came, and to nobody who cannot be told apart', () => {
  const { agreement, cases } = profile(tags.get('LLR') ?? '');
  const probations = underSecurityNeeds(agreement, 'probation', AT);
  expect(probations).not.toBe(agreement);
  const [recipient] = Object.values(cases.world.parties).filter(({ contacts }) => contacts.length > 0) as [Party];
  const contact = recipient.contacts[0]?.contact ?? '';
  const told = (change: Partial<Release>) => releasingUnmet({ agreement: probations, stated: { ...TOLD, askedBy: { ...TOLD.askedBy, contact }, route: 'verbal', ...change }, recipient, at: cases.world.at > AT ? cases.world.at : AT }).map(({ code }) => code);
  expect(told({})).toEqual([]);
  expect(told({ route: 'mail' })).toContain('PASSWORD_SAME_CHAIN');
  expect(told({ askedBy: { contact: 'nobody', role: 'line-manager' } })).toEqual(['PASSPHRASE_NOT_ASKED_FOR']);
  expect(told({ identity: { how: 'it-was-him', at: AT } })).toEqual(['IDENTITY_NOT_VERIFIED']);
});

test('WOR CH-05: face to face it needs no number', () => {
  expect(unmet('WOR', { route: 'verbal', called: 'nobody' })).toEqual([]);
});
