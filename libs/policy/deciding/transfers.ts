import { type Agreement, type Purpose, purposeOf, term } from '../agreement';
import { protectionFor } from '../channel';
import type { RecipientFacts, ShareFacts } from '../conditions/condition';
import { hubController, isHub } from '../conditions/hub';
import type { HandlingRules, PlannedTransfer } from '../decision';
import type { Party } from '../parties';
import { entryOf } from '../vocabulary/entry';
import { ORGANISATION_TYPES } from '../vocabulary/organisations';
import type { Facts } from './facts';
import type { StrikeOffs } from './strike-off';

/** One transfer for each address that still gets a part, with the lines that stand. */
export function transfersOf(agreement: Agreement, facts: Facts, strikeOffs: StrikeOffs): PlannedTransfer[] {
  return strikeOffs.reached().map((to) => {
    const recipient = facts.recipients.get(to) as RecipientFacts;
    const { party, contact } = recipient;
    const protection = contact && protectionFor(agreement, contact);
    // Conditions that no emergency bends see to it: UNKNOWN_RECIPIENT, NO_ADMITTED_CHANNEL.
    if (!party || !protection) throw new Error('a recipient was permitted that is unknown or has no admitted protection: a condition is missing');
    const hub = isHub(agreement, contact);
    return {
      recipient: recipient.recipient,
      controller: (hub && hubController(recipient)?.controller) || party.controller,
      lane: facts.share.manifest.urgency,
      hub,
      route: 'mailbox',
      protection,
      clause: clauseOf(agreement, facts.share.manifest.purpose),
      lines: facts.lines.flatMap((line, i) => (line.to === to && strikeOffs.stands(i) ? [i] : [])),
      handling: handling(agreement, facts.share),
      alsoToldByDefault: alsoTold(agreement, facts.share.sender, party),
    };
  });
}

/** Where the text names the purpose. An emergency may come without one: then where the text begins to name them. */
const clauseOf = (agreement: Agreement, purpose: string | undefined): string =>
  (purposeOf(agreement, purpose) ?? (term(agreement, 'agreement.purposes')[0] as Purpose)).clause;

function handling(agreement: Agreement, { manifest, sender }: ShareFacts): HandlingRules {
  return {
    classification: classificationOf(agreement, manifest.classification),
    doNotTellSubject: manifest.handling.doNotTellSubject,
    onward: term(agreement, 'onward.rule'),
    retention: { basis: term(agreement, 'retention.basis'), owner: term(agreement, 'retention.owner') },
    tellOfBreach: (sender as Party).controller,
  };
}

/** What the sender declares, or the agreement's default; never below the agreement's floor (PV-07). */
function classificationOf(agreement: Agreement, declared: HandlingRules['classification'] | undefined): HandlingRules['classification'] {
  const marking = term(agreement, 'header.classification');
  const classification = declared ?? marking.default;
  return marking.floor === 'OFFICIAL-SENSITIVE' ? marking.floor : classification;
}

function alsoTold(agreement: Agreement, sender: Party | undefined, recipient: Party): boolean {
  const rule = term(agreement, 'header.alsoTold');
  const statutory = (party: Party | undefined) => party?.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.statutory) ?? false;
  return rule === 'always' || (rule === 'between-statutory-agencies' && statutory(sender) && statutory(recipient));
}
