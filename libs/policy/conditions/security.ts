import { isPartLine } from '#protocol/line';
import { type Agreement, term } from '../agreement';
import { attestedNow } from '../attesting';
import { JUSTIFICATIONS } from '../vocabulary/reasons';
import { REGIONS } from '../vocabulary/declarations';
import { holds, within } from '../vocabulary/entry';
import type { Condition, RecipientFacts, ShareFacts } from './condition';

const noCopies = (agreement: Agreement): boolean => term(agreement, 'min.duplication') === 'none';
const wantsAddress = (agreement: Agreement): boolean => term(agreement, 'channel.email.accepted').some((code) => code === 'cjsm' || code === 'approved-address');

/** Received from another than the sender, and no report from which everything that identifies has been taken out. */
const isCopy = ({ previous, sender, purpose, manifest }: ShareFacts): boolean =>
  previous !== undefined && previous.originator.agency !== sender?.agency && !(purpose?.nature === 'publication' && manifest.anonymised === true);

/** Where no agreement speaks, the law asks for safeguards beyond the countries that it trusts alike. */
function abroad({ agreement, party, theirMembership, at }: RecipientFacts): boolean {
  const { regions, beyondWithSafeguards } = term(agreement, 'transfer.regions') ?? { regions: ['UK', 'EEA'] as const, beyondWithSafeguards: true };
  if (!party || regions.some((region) => (REGIONS[region] as readonly string[]).includes(party.country))) return false;
  return !beyondWithSafeguards || theirMembership?.transferSafeguards === undefined || !within({ from: theirMembership.transferSafeguards }, at);
}

/** Where it may go, and what a party asks for what comes from it (PD-20): that stands in the terms already, where the agreement admits it. */
export const SECURITY = [
  {
    code: 'TRANSFER_OUTSIDE_REGIONS', clauses: ['AS-07', 'PD-20'], on: 'recipient', grounds: ['transfer.regions', { statute: 'uk-gdpr-44' }], pointer: '/recipient/agency', cause: ({ party }) => party?.country.toLowerCase(),
    says: 'the recipient is in a country to which the agreement lets information go, or safeguards for the transfer are on file',
    next: 'Leave this recipient out; ask the co-ordinator whether the agreement admits safeguards.',
    met: (facts) => !abroad(facts),
  },
  {
    code: 'NAMED_PERSON_REQUIRED', clauses: ['AS-04', 'PD-20'], on: 'recipient', term: 'access.namedPersons', pointer: '/recipient/contact', nicety: true,
    says: 'the recipient is a named person, not a mailbox or a team',
    next: 'Choose the person who needs it.',
    met: ({ contact }) => !contact || contact.kind === 'person',
  },
  {
    code: 'NOT_CJSM_OR_APPROVED', clauses: ['CH-07', 'PD-20'], on: 'recipient', by: ['wire', 'tls-domain'], term: 'channel.email.accepted', pointer: '/recipient/contact', applies: wantsAddress, nicety: true,
    says: 'the address is one of criminal justice secure mail, or has been approved',
    next: 'Ask the co-ordinator to have the address approved, or choose another contact.',
    met: ({ contact, at }) => !contact || contact.cjsm === true || (contact.approvedOn !== undefined && within({ from: contact.approvedOn }, at)),
  },
  {
    code: 'AT_REST_NOT_ATTESTED', clauses: ['AS-08', 'PD-20'], on: 'recipient', by: 'wire', term: 'access.atRest', pointer: '/recipient/agency', warns: true, cause: ({ recipient }) => recipient.agency,
    says: 'the recipient has attested that what it keeps lies encrypted, and its word is not overdue',
    next: 'Ask the recipient to attest it (`waybill attest at-rest`); weigh until then whether it should go there.',
    met: ({ theirMembership, at }) => theirMembership === undefined || attestedNow(theirMembership, 'at-rest', at),
  },
  {
    code: 'DEVICES_NOT_ATTESTED', clauses: ['AS-05', 'PD-20'], on: 'recipient', by: 'wire', term: 'access.devices', pointer: '/recipient/agency', warns: true, cause: ({ recipient }) => recipient.agency,
    says: 'the recipient has attested that it is seen on restricted devices alone, on secure premises',
    next: 'Ask the recipient to attest it (`waybill attest devices`); weigh until then whether it should go there.',
    met: ({ theirMembership, at }) => theirMembership === undefined || attestedNow(theirMembership, 'devices', at),
  },
  {
    code: 'RECORDS_OF_OTHERS', clauses: ['MN-08', 'PD-20'], on: 'line', term: 'min.duplication', pointer: '/severalPeople', applies: noCopies, nicety: true,
    says: 'only records of the person whom the share is about go, or it is justified why others are in them',
    next: 'Cut the part to the one person, or justify it.',
    met: ({ line, at }) => !isPartLine(line) || !line.severalPeople || holds(JUSTIFICATIONS, line.justification, at),
  },
  {
    code: 'COPY_PROHIBITED', clauses: ['MN-09', 'PD-20'], on: 'share', term: 'min.duplication', pointer: '/threads/previous', applies: noCopies,
    says: 'what came from a party that admits no copies is not passed on, unless as a report from which nobody can be identified',
    next: 'Ask that party to share it with the recipient itself.',
    met: (facts) => !isCopy(facts) || term(facts.carried, 'min.duplication') !== 'none',
  },
  {
    code: 'LINKING_PROHIBITED', clauses: ['MN-10', 'PD-20'], on: 'share', term: 'min.linking', pointer: '/threads',
    says: 'what came from a party that admits no linking is joined to nothing; an answer to its request is',
    next: 'Share what you know yourself, without the link.',
    met: (facts) => !isCopy(facts) || term(facts.carried, 'min.linking') !== 'none',
  },
  {
    code: 'OUTPUT_NOT_ANONYMOUS', clauses: ['PU-11', 'PD-20'], on: 'share', term: 'min.identityReduction', pointer: '/anonymised', nicety: true,
    applies: (agreement) => term(agreement, 'min.identityReduction')?.includes('anonymised-outputs') ?? false,
    says: 'reports and publications carry nothing by which a person can be identified',
    next: 'Take out what identifies anybody, and declare `anonymised`.',
    met: ({ purpose, manifest }) => purpose?.nature !== 'publication' || manifest.anonymised === true,
  },
] as const satisfies readonly Condition[];
