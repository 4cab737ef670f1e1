import { type Address, addressed, type DecisionLine, isPartLine, type PartLine } from '#protocol/line';
import type { Agreement } from '../agreement';
import type { LineFacts, RecipientFacts, ShareFacts } from '../conditions/condition';
import type { Proposal } from '../decision';
import { contactOf, membershipOf, type Parties } from '../parties';

export interface Facts {
  share: ShareFacts;
  /** By `agency/contact`, in the order of the lines. */
  recipients: ReadonlyMap<string, RecipientFacts>;
  /** One for each line, in order. */
  lines: readonly LineFacts[];
}

/** Looks up once what every condition asks about. */
export function factsOf(agreement: Agreement, parties: Parties, { manifest, lines, at, sender: agency }: Proposal): Facts {
  const sender = parties.party(agency);
  const decisions = lines.filter((line): line is DecisionLine => !isPartLine(line) && line.about === 'decision');
  const share: ShareFacts = { agreement, parties, manifest, lines, at, sender, membership: membershipOf(sender, agreement, at), decisions };

  const addresses = new Map<string, Omit<RecipientFacts, 'parts'>>();
  const lineFacts = lines.map((line): LineFacts => {
    const to = addressed(line.recipient);
    const known = addresses.get(to) ?? addresseeOf(share, line.recipient);
    addresses.set(to, known);
    return { ...known, to, line };
  });

  const parts = new Map<string, PartLine[]>();
  for (const line of lines) {
    if (!isPartLine(line)) continue;
    const to = addressed(line.recipient);
    parts.set(to, [...(parts.get(to) ?? []), line]);
  }
  const recipients = new Map([...parts].map(([to, theirs]) => [to, { ...(addresses.get(to) as Omit<RecipientFacts, 'parts'>), parts: theirs }]));
  return { share, recipients, lines: lineFacts };
}

function addresseeOf(share: ShareFacts, recipient: Address): Omit<RecipientFacts, 'parts'> {
  const party = share.parties.party(recipient.agency);
  return { ...share, recipient, party, theirMembership: membershipOf(party, share.agreement, share.at), contact: contactOf(party, recipient.contact, share.at) };
}
