import { type Address, addressed, type DecisionLine, isPartLine, type Line, type PartLine, type SubjectLine } from '#protocol/line';
import type { SubjectGroup } from '#protocol/declarations';
import type { ManifestBase } from '#protocol/manifest';
import { type Agreement, purposeOf } from '../agreement';
import type { LineFacts, RecipientFacts, ShareFacts } from '../conditions/condition';
import type { Proposal } from '../decision';
import { wayTo } from '../channels/reach';
import { contactOf, membershipOf, type Parties, type Party } from '../parties';
import { underSecurityNeeds } from '../security-needs';

type Addressee = Omit<RecipientFacts, 'parts' | 'inCommon' | 'way'>;

interface Known {
  to: string;
  theirs: Addressee;
  parts: PartLine[];
}

export interface Facts {
  share: ShareFacts;
  /** By `agency/contact`, in the order of the lines. */
  recipients: ReadonlyMap<string, RecipientFacts>;
  /** One for each line, in order. */
  lines: readonly LineFacts[];
}

/** Looks up once what every condition asks about. */
export function factsOf(signed: Agreement, parties: Parties, others: readonly Agreement[], { manifest, lines, at, sender: agency, previous: known, request: put, breach: partOf, suspensions = [], notification: named, meeting: held, route }: Proposal): Facts {
  const sender = parties.party(agency);
  const membership = membershipOf(sender, signed, at);
  const previous = manifest.threads?.previous === undefined ? undefined : known;
  const request = manifest.threads?.request === undefined ? undefined : put;
  const breach = manifest.threads?.breach === undefined ? undefined : partOf;
  const notification = manifest.threads?.notification === undefined ? undefined : named;
  const meeting = manifest.threads?.meeting === undefined ? undefined : held;
  // Passing on changes nothing about whose rules what came from a party carries.
  const carried = underSecurityNeeds(signed, previous?.originator.entry, at);
  const agreement = previous?.originator.entry === membership?.entry ? carried : underSecurityNeeds(carried, membership?.entry, at);

  const shared: PartLine[] = [];
  const decisions: DecisionLine[] = [];
  const about: SubjectLine[] = [];
  for (const line of lines) {
    if (isPartLine(line)) shared.push(line);
    else if (line.about === 'decision') decisions.push(line);
    else if (line.about === 'subject') about.push(line);
  }
  const share: ShareFacts = {
    agreement, parties, manifest, lines, at, sender, membership, decisions, shared, about, carried, previous, request, breach, suspensions, notification, meeting, route,
    purpose: purposeOf(agreement, manifest.purpose), groups: groupsOf(manifest, about),
  };

  const addresses = new Map<string, Map<string, Known>>();
  const addressee = ({ agency, contact }: Address): Known => {
    let desks = addresses.get(agency);
    if (!desks) addresses.set(agency, (desks = new Map()));
    let found = desks.get(contact);
    if (!found) desks.set(contact, (found = { to: addressed({ agency, contact }), theirs: addresseeOf(share, { agency, contact }), parts: [] }));
    return found;
  };
  const recipients = new Map<string, RecipientFacts>();
  const lineFacts = lines.map((line): LineFacts => {
    const { to, theirs, parts } = addressee(line.recipient);
    if (isPartLine(line) && parts.push(line) === 1) recipients.set(to, recipientOf(theirs, parts, inCommon(others, sender, theirs.party, at)));
    return lineOf(theirs, to, line);
  });
  // On what way it may go depends on all that goes there.
  for (const each of recipients.values()) if (each.contact) each.way = wayTo(each, each.inCommon, each.contact, each.party?.types);
  return { share, recipients, lines: lineFacts };
}

// Field by field, because spreading a score of fields for every line takes longer than deciding on it.

const recipientOf = (to: Addressee, parts: readonly PartLine[], common: readonly Agreement[]): RecipientFacts => ({
  agreement: to.agreement, parties: to.parties, manifest: to.manifest, lines: to.lines, at: to.at, sender: to.sender, membership: to.membership, decisions: to.decisions, shared: to.shared, about: to.about,
  purpose: to.purpose, groups: to.groups, carried: to.carried, previous: to.previous, request: to.request, breach: to.breach, suspensions: to.suspensions, notification: to.notification, meeting: to.meeting, route: to.route, recipient: to.recipient, party: to.party, theirMembership: to.theirMembership, contact: to.contact, parts, inCommon: common,
});

const lineOf = (to: Addressee, name: string, line: Line): LineFacts => ({
  agreement: to.agreement, parties: to.parties, manifest: to.manifest, lines: to.lines, at: to.at, sender: to.sender, membership: to.membership, decisions: to.decisions, shared: to.shared, about: to.about,
  purpose: to.purpose, groups: to.groups, carried: to.carried, previous: to.previous, request: to.request, breach: to.breach, suspensions: to.suspensions, notification: to.notification, meeting: to.meeting, route: to.route, recipient: to.recipient, party: to.party, theirMembership: to.theirMembership, contact: to.contact, to: name, line,
});

/** Under which other agreements the same two could share. */
function inCommon(others: readonly Agreement[], sender: Party | undefined, party: Party | undefined, at: string): readonly Agreement[] {
  return others.length === 0 ? others : others.filter((other) => [sender, party].every((each) => membershipOf(each, other, at)?.status === 'active'));
}

function addresseeOf(share: ShareFacts, recipient: Address): Addressee {
  const { agreement, parties, manifest, lines, at, sender, membership, decisions, shared, about, purpose, groups, carried, previous, request, breach, suspensions, notification, meeting, route } = share;
  const party = parties.party(recipient.agency);
  return {
    agreement, parties, manifest, lines, at, sender, membership, decisions, shared, about, purpose, groups, carried, previous, request, breach, suspensions, notification, meeting, route, recipient, party,
    theirMembership: membershipOf(party, agreement, at), contact: contactOf(party, recipient.contact, at),
  };
}

const BANDS: Record<NonNullable<SubjectLine['band']>, SubjectGroup | undefined> = {
  'under-16': 'children', '16-17': 'children', unborn: 'children', 'adult-lacking-capacity': 'adults-at-risk', adult: undefined,
};

function groupsOf(manifest: ManifestBase, about: readonly SubjectLine[]): ReadonlySet<SubjectGroup> {
  return new Set(manifest.subjects ?? about.flatMap(({ band, atRisk }) => (band === undefined ? [] : (BANDS[band] ?? (atRisk === undefined ? [] : ['adults-at-risk'])))));
}
