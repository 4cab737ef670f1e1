import type { KnownKey } from '#envelope/addressees';
import { type Certificate, standing, turnsOf } from '#envelope/certificates';
import type { KeyCause } from '#envelope/codes';
import { smimeStanding, type SmimeCertificate } from '#envelope/smime-certificates';
import { DAY } from '#platform/clock';
import type { Agreement } from '#policy/agreement';
import type { MailDomain } from '#policy/channels/question';
import type { Contact, KeyStanding, Membership, Parties, Party } from '#policy/parties';
import type { AgencyRow, AttestationRow, CertificateRow, ContactRow, MailDomainRow, MembershipRow } from './rows';

// What the directory holds, as it was read; and what follows from it at any instant. Pure.

/** All that the directory holds of one agency under one version of it. */
export interface AgencyFacts {
  row: AgencyRow;
  controller: { id: string; name: string };
  contacts: readonly ContactRow[];
  memberships: readonly MembershipRow[];
  attestations: readonly AttestationRow[];
  /** Empty where this installation sends no mail. */
  domains: readonly MailDomainRow[];
  certificates: readonly BoundCertificate[];
}

/** Of either form. */
export type BoundCertificate = { row: CertificateRow } & ReadCertificate;
export type ReadCertificate = { form: 'openpgp'; certificate: Certificate } | { form: 'smime'; certificate: SmimeCertificate };

/** Whom a decision under an agreement may rest on though the share does not name them: its desk's staff, and whose data a desk's are. */
export interface AgreementFacts {
  version: string;
  around: readonly string[];
}

/** What a decision rests on. An agency that the directory does not know is absent. */
export interface Facts {
  agreement: Agreement;
  under: AgreementFacts;
  agencies: ReadonlyMap<string, AgencyFacts>;
  /** Those that were looked for, known or not. */
  sought: readonly string[];
}

/** What a decision rests on. `members`: those of the active members that were looked at. */
export interface KnownParties extends Parties {
  members(): readonly Party[];
}

/** The version of a thing of which there is none. */
export const ABSENT = '0';

/** Under which versions the facts were read: `[agency, version]`. */
export const versionsOf = ({ sought, agencies }: Facts): [string, string][] => sought.map((agency) => [agency, agencies.get(agency)?.row.version ?? ABSENT]);

/** The parties as they stand at `at`. */
export function partiesOf({ agreement, agencies }: Facts, at: Date): KnownParties {
  const looked = new Map<string, Party | undefined>();
  const party = (agency: string): Party | undefined => {
    if (!looked.has(agency)) looked.set(agency, standingParty(agencies.get(agency), at));
    return looked.get(agency);
  };
  const active = [...agencies.values()].flatMap((facts) => facts.memberships.filter((member) => member.agreement === agreement.id && member.status === 'active'));
  const member = (found: MembershipRow | undefined): Party | undefined => found && party(found.agency);
  return {
    party,
    member: (entry) => member(active.find((each) => each.entry === entry)),
    members: () => active.flatMap((each) => member(each) ?? []),
  };
}

/** Who an addressee of a sealed part is, and whether its key may be used. Key IDs are 16, fingerprints 40 or 64 upper hex digits, names of S/MIME certificates as many as they have. */
export function keyOf({ agencies }: Pick<Facts, 'agencies'>, id: string, at: Date): KnownKey | undefined {
  for (const { certificates } of agencies.values()) {
    for (const bound of certificates) {
      if (bound.row.use === 'seal' && knows(bound, id)) return knownKey(bound, at, id);
    }
  }
  return undefined;
}

/** Signing certificates ever bound to an agency, with what the directory says of each today: a revoked one is told apart from a stranger's. */
export const signersOf = ({ agencies }: Pick<Facts, 'agencies'>, agency: string, at: Date): { certificate: Certificate; standing: 'current' | KeyCause }[] =>
  (agencies.get(agency)?.certificates ?? []).flatMap((bound) => (bound.row.use === 'sign' && bound.form === 'openpgp' ? [{ certificate: bound.certificate, standing: binding(bound.row, at) }] : []));

const knows = (bound: BoundCertificate, id: string): boolean =>
  bound.form === 'smime' ? bound.certificate.names.includes(id) : bound.certificate.seal.some((key) => key.keyId === id || key.fingerprint === id);

/** Two certificates over one key, or two names of one certificate, are one addressee. */
export const knownKey = (bound: BoundCertificate, at: Date, id: string): KnownKey => ({
  recipient: `${bound.row.agency}/${bound.row.contact}`, standing: sealing(bound, at, id), ...(bound.form === 'smime' && { key: bound.certificate.key }),
});

/** How a sealing certificate stands, or one key of it: as it is bound, and as it vouches for itself. */
export function sealing({ row, ...read }: BoundCertificate, at: Date, id?: string): 'current' | KeyCause {
  const bound = binding(row, at);
  if (bound !== 'current') return bound;
  if (read.form === 'smime') return smimeStanding(read.certificate, at);
  const { certificate } = read;
  const keys = id === undefined ? certificate.seal : certificate.seal.filter((key) => key.keyId === id || key.fingerprint === id);
  const found = keys.map((key) => standing(certificate, key, at));
  return found.find((each) => each === 'current') ?? found[0] ?? 'unverified';
}

/** Whether the co-ordinator's word for a certificate holds at `at`. Revoked is revoked at once, whatever the clock of whoever revoked it said. */
export function binding(row: CertificateRow, at: Date): 'current' | KeyCause {
  if (row.revoked_at) return 'revoked';
  if (row.from_at > at) return 'unverified';
  return row.until_at <= at ? 'expired' : 'current';
}

interface Standing {
  /** Milliseconds since 1970: from this, and until this comes. */
  from: number;
  until: number;
  party: Party | undefined;
}

const STANDING = new WeakMap<AgencyFacts, Standing>();

/** The party as it stands at `at`: made once for as long as nothing of it turns, and the same object. */
function standingParty(facts: AgencyFacts | undefined, at: Date): Party | undefined {
  if (!facts) return undefined;
  const now = at.getTime();
  let found = STANDING.get(facts);
  if (!found || now < found.from || now >= found.until) {
    const turns = turnsIn(facts);
    found = { from: Math.max(Number.NEGATIVE_INFINITY, ...turns.filter((turn) => turn <= now)), until: Math.min(Number.POSITIVE_INFINITY, ...turns.filter((turn) => turn > now)), party: isThere(facts.row, at) ? partyOf(facts, at) : undefined };
    STANDING.set(facts, found);
  }
  return found.party;
}

const isThere = (row: AgencyRow, at: Date): boolean => row.from_at <= at && (row.until_at === null || row.until_at > at);

const turnsIn = ({ row, certificates, domains }: AgencyFacts): number[] => [
  ...[row, ...certificates.map((bound) => bound.row)].flatMap(({ from_at: from, until_at: until }) => [from.getTime(), ...(until ? [until.getTime()] : [])]),
  ...certificates.flatMap((bound) => (bound.form === 'smime' ? [Date.parse(bound.certificate.from), Date.parse(bound.certificate.until)] : turnsOf(bound.certificate))),
  ...domains.flatMap(({ found_at: found }) => (found ? [holdsUntil(found)] : [])),
];

function partyOf({ row, controller, contacts, memberships, attestations, domains, certificates }: AgencyFacts, at: Date): Party {
  const keys = { openpgp: new Map<string, KeyStanding>(), smime: new Map<string, KeyStanding>() };
  for (const bound of certificates) if (bound.row.use === 'seal') keys[bound.form].set(bound.row.contact, better(keys[bound.form].get(bound.row.contact), sealing(bound, at)));
  return {
    agency: row.id,
    controller,
    types: row.types as Party['types'],
    ...(row.public_authority === null ? {} : { publicAuthority: row.public_authority }),
    country: row.country,
    memberships: memberships.map((each) => membershipOf(each, attestations.filter(({ agreement }) => agreement === each.agreement))),
    contacts: contacts.map((contact) => contactOf(contact, { owned: row.mail_domains, domains, keys: { openpgp: keys.openpgp.get(contact.id), smime: keys.smime.get(contact.id) }, at })),
  };
}

const better = (a: KeyStanding | undefined, b: KeyStanding): KeyStanding => (a === 'current' ? a : b);

const membershipOf = (row: MembershipRow, attestations: readonly AttestationRow[]): Membership => ({
  agreement: row.agreement,
  entry: row.entry,
  status: row.status === 'incomplete' ? 'held' : row.status,
  from: row.from_day,
  ...(row.until_day ? { until: row.until_day } : {}),
  ...(row.scope_limit ? { scopeLimit: row.scope_limit } : {}),
  ...(row.privacy_assessed_on ? { privacyAssessedOn: row.privacy_assessed_on } : {}),
  controlsConfirmed: row.controls_confirmed,
  ...(row.signed_role && row.signed_on ? { signed: { role: row.signed_role, on: row.signed_on, delegated: row.signed_delegated ?? false } } : {}),
  ...(row.represented_by ? { representedBy: row.represented_by } : {}),
  ...(row.accepted_on ? { acceptedOn: row.accepted_on } : {}),
  ...(row.acts_for.length > 0 ? { actsFor: row.acts_for as NonNullable<Membership['actsFor']> } : {}),
  ...(row.transfer_safeguards ? { transferSafeguards: row.transfer_safeguards } : {}),
  ...(attestations.length > 0 ? { attested: Object.fromEntries(attestations.map(({ what, due_day: due }) => [what, due])) } : {}),
});

/** Whether a party signed, or a representative for its sector, and whether it accepted that itself (PD-03). Where no signature is on file, nothing is said. */
export function bindingOf(row: MembershipRow): 'signed' | 'represented' | 'accepted' | undefined {
  if (row.represented_by) return row.accepted_on ? 'accepted' : 'represented';
  return row.signed_on ? 'signed' : undefined;
}

/** What was found of a domain longer ago says nothing of it any more: it is looked at each day. */
export const POSTURE_HOLDS_DAYS = 3;

/** Milliseconds since 1970 until which a domain counts as it was found then. */
export const holdsUntil = (found: Date): number => found.getTime() + POSTURE_HOLDS_DAYS * DAY;

const lapsed = ({ lapsed_at, found_at }: MailDomainRow, at: Date): boolean => lapsed_at !== null || found_at === null || holdsUntil(found_at) <= at.getTime();

/** A mail domain as a decision asks about it. */
export const domainOf = (row: MailDomainRow, at: Date): MailDomain => ({ tls: row.tls ?? 'none', ...(lapsed(row, at) ? { lapsed: true } : {}), ...(lapsed(row, at) && row.lapsed_at === null ? { unseen: true as const } : {}), ...(row.government ? { government: true } : {}) });

interface ContactsAgency {
  owned: readonly string[];
  domains: readonly MailDomainRow[];
  keys: Record<'openpgp' | 'smime', KeyStanding | undefined>;
  at: Date;
}

function contactOf(row: ContactRow, { owned, domains, keys, at }: ContactsAgency): Contact {
  const address = row.email?.toLowerCase();
  const domain = domains.find((each) => address?.endsWith(`@${each.domain}`));
  return {
    contact: row.id,
    kind: row.kind,
    posts: row.posts,
    ...(row.desk ? { desk: row.desk } : {}),
    ...(row.verified_on ? { verifiedOn: row.verified_on } : {}),
    ...(row.cjsm === null ? {} : { cjsm: row.cjsm }),
    ...(row.approved_on ? { approvedOn: row.approved_on } : {}),
    ...(row.email ? { email: row.email } : {}),
    ...(address && owned.length > 0 ? { emailDomainOwned: owned.some((each) => address.endsWith(`@${each}`)) } : {}),
    ...(row.collects ? {} : { collects: false }),
    ...(domain ? { domain: domainOf(domain, at) } : {}),
    ...(row.telephone ? { telephone: row.telephone } : {}),
    from: row.from_day,
    ...(row.until_day ? { until: row.until_day } : {}),
    protections: (['openpgp', 'smime'] as const).filter((protection) => keys[protection] !== undefined),
    sealingKey: keys.openpgp ?? 'none',
    ...(keys.smime && { smimeKey: keys.smime }),
  };
}
