import { LIMITS } from '#protocol/limits';
import type { Release, ReleaseRoute } from '#protocol/statement';
import type { Agreement } from './agreement';
import { contactOf, type Party } from './parties';
import { type RecordRule, type Unmet, unmetRules } from './recording';
import { IDENTITY_CHECKS } from './vocabulary/disclosure-routes';
import { holds } from './vocabulary/entry';
import { ROLES } from './vocabulary/roles';

/** What the release of a container's passphrase is held to. */
export interface Releasing {
  agreement: Agreement;
  stated: Release;
  /** Whom the container is for, as the directory has it. */
  recipient: Party | undefined;
  at: string;
}

/** What the container goes by, whatever the address: who reads the one can read the other. */
const SAME_CHAIN: readonly ReleaseRoute[] = ['mail'];
/** Routes that lead to a number. */
const TO_A_NUMBER: readonly ReleaseRoute[] = ['telephone', 'text-message'];

const known = ({ recipient, at }: Releasing, contact: string | undefined) => (contact === undefined ? undefined : contactOf(recipient, contact, at));

/** All are tried, and all that are unmet are told. */
export const RELEASING = [
  {
    code: 'PASSWORD_SAME_CHAIN', clauses: ['CH-05'], grounds: ['channel.passwordDelivery', { technical: 'who reads the mail that the container is in would read its passphrase too' }], pointer: '/release/route',
    says: 'the passphrase goes another way than the container, and by no mail',
    next: 'Tell it by telephone, to a number of the directory. If it was mailed already, make a new container with a new passphrase, and recall this one.',
    met: ({ stated }) => !SAME_CHAIN.includes(stated.route),
  },
  {
    code: 'PASSPHRASE_NOT_ASKED_FOR', clauses: ['CH-05'], grounds: ['channel.passwordDelivery', { technical: 'who is told a passphrase without having asked for it may be anybody' }], pointer: '/release/askedBy',
    says: 'a contact of the recipient asked for it, in a role of the vocabulary',
    next: 'Wait until the recipient asks, and state which of its contacts did.',
    met: (facts) => known(facts, facts.stated.askedBy.contact) !== undefined && holds(ROLES, facts.stated.askedBy.role, facts.at),
  },
  {
    code: 'IDENTITY_NOT_VERIFIED', clauses: ['CH-05'], grounds: ['channel.passwordDelivery', { technical: 'a passphrase told to somebody else opens the container to somebody else' }], pointer: '/release/identity/how',
    says: 'it was made sure who is at the other end, and it is said how',
    next: 'Call back on the number of the directory, and state `identity`.',
    met: ({ stated, at }) => holds(IDENTITY_CHECKS, stated.identity.how, at),
  },
  {
    code: 'VERIFIED_TOO_LATE', clauses: ['CH-05'], grounds: ['channel.passwordDelivery', { technical: 'what was told before cannot be taken back' }], pointer: '/release/identity/at',
    says: 'that was made sure before the passphrase was told',
    next: 'If it was told first, make a new container with a new passphrase, and recall this one.',
    met: ({ stated }) => Date.parse(stated.identity.at) <= Date.parse(stated.at),
  },
  {
    code: 'NUMBER_NOT_OF_DIRECTORY', clauses: ['CH-05'], grounds: ['channel.passwordDelivery', { technical: 'a number that came with the question may be anybody’s' }], pointer: '/release/called',
    says: 'the number called is one that the directory has for a contact of the recipient',
    next: 'Call the number of the directory, and state whose it is with `called`; ask the co-ordinator to enter or correct it.',
    met: (facts) => !TO_A_NUMBER.includes(facts.stated.route) || known(facts, facts.stated.called)?.telephone !== undefined,
  },
  {
    code: 'RELEASED_LATER', clauses: ['CH-05'], grounds: [{ technical: 'what was not told yet cannot be recorded' }], pointer: '/release/at',
    says: 'it was told before it was recorded',
    next: 'Record it afterwards.',
    met: ({ stated, at }) => Date.parse(stated.at) - Date.parse(at) <= LIMITS.createdAhead.value * 1_000,
  },
] as const satisfies readonly RecordRule<Releasing>[];

/** What stands against recording a release as it is stated. Pure. */
export const releasingUnmet = (facts: Releasing): Unmet<(typeof RELEASING)[number]['code']>[] => unmetRules(RELEASING, facts);
