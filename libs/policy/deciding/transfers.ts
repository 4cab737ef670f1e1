import { type Agreement, type Purpose, purposeOf, term } from '../agreement';
import { deviationIn } from '../channels/reach';
import { channelOf } from '../vocabulary/channels';
import type { RecipientFacts, ShareFacts } from '../conditions/condition';
import { copyControllerOf, isHub } from '../conditions/hub';
import { goesThrough } from '../conditions/suspended';
import { isOutsider, outsideGrounds } from '../conditions/outside';
import { markingOf } from '../conditions/marking';
import type { HandlingRules, PlannedTransfer, TransferLane } from '../decision';
import { contactOf, type Party } from '../parties';
import { entryOf } from '../vocabulary/entry';
import { ORGANISATION_TYPES } from '../vocabulary/organisations';
import type { Facts } from './facts';
import { recordedAs } from '../recorded-as';
import type { StrikeOffs } from './strike-off';

/** One transfer for each address that still gets a part, with the lines that stand. */
export function transfersOf(facts: Facts, strikeOffs: StrikeOffs): PlannedTransfer[] {
  const { agreement } = facts.share;
  const standing = new Map<string, number[]>();
  facts.lines.forEach(({ to }, i) => {
    if (!strikeOffs.stands(i)) return;
    const theirs = standing.get(to);
    if (theirs) theirs.push(i);
    else standing.set(to, [i]);
  });
  return strikeOffs.reached().map((to) => {
    const recipient = facts.recipients.get(to) as RecipientFacts;
    const { party, contact } = recipient;
    const way = wayOf(recipient);
    // Conditions that no emergency bends see to it: UNKNOWN_RECIPIENT, NO_ADMITTED_CHANNEL.
    if (!party || !way) throw new Error('a recipient was permitted that is unknown or has no admitted protection: a condition is missing');
    return {
      recipient: recipient.recipient,
      controller: copyControllerOf({ ...recipient, party }),
      lane: laneOf(facts.share),
      ...(goesThrough(recipient) && { throughSuspension: true }),
      hub: isHub(agreement, contact),
      ...way,
      clause: clauseOf(agreement, facts.share.manifest.purpose),
      lines: standing.get(to) ?? [],
      handling: handling(facts.share),
      ...(isOutsider(recipient) && { outside: outsideGrounds(recipient) }),
      recordedAs: recordedAs(facts.share, contact),
      alsoToldByDefault: alsoTold(agreement, facts.share.sender, party),
    };
  });
}

/**
 * As it was declared; but what the front door asks goes first, where the agreement says so, whatever it declared (RQ-02). A life still comes
 * before a process. It is decided here and nowhere else: no recipient can change it.
 */
function laneOf({ agreement, manifest, sender, breach, at }: ShareFacts): TransferLane {
  if (breach) return 'breach';
  const first = manifest.asks !== undefined && manifest.urgency !== 'emergency' && term(agreement, 'request.priority') === 'hub-first';
  return first && manifest.sender.contact !== undefined && isHub(agreement, contactOf(sender, manifest.sender.contact, at)) ? 'priority' : manifest.urgency;
}

/** How it gets there. */
function wayOf(recipient: RecipientFacts): Pick<PlannedTransfer, 'route' | 'protection' | 'weakHop' | 'orSmime' | 'instead'> | undefined {
  const { way, route, manifest } = recipient;
  if (route) return { route: route.by, protection: 'none' };
  if (way?.outcome !== 'chosen') return undefined;
  const { route: by, protection } = channelOf(way.channel);
  if ((protection !== 'openpgp' && protection !== 'smime' && protection !== 'aes-zip') || by === 'service') return undefined;
  const orSmime = protection === 'openpgp' && way.verdicts.some(({ channel, reasons }) => channel === `${by}-smime` && reasons.length === 0);
  const { reason, approver } = manifest.way ?? {};
  const matter = way.why === 'deviation' ? deviationIn(recipient)?.matter : undefined;
  const instead = way.why === 'strongest' ? undefined : { why: way.why, ...(reason !== undefined && { reason }), ...(approver !== undefined && { approver }), ...(matter !== undefined && { matter }) };
  return { route: by, protection, ...(way.weakHop && { weakHop: true }), ...(orSmime && { orSmime }), ...(instead && { instead }) };
}

/** Where the text names the purpose. An emergency may come without one: then where the text begins to name them. */
const clauseOf = (agreement: Agreement, purpose: string | undefined): string =>
  (purposeOf(agreement, purpose) ?? (term(agreement, 'agreement.purposes')[0] as Purpose)).clause;

function handling(share: ShareFacts): HandlingRules {
  const { agreement, manifest, sender } = share;
  return {
    classification: markingOf(share),
    doNotTellSubject: manifest.handling.doNotTellSubject,
    consentLimited: manifest.consent?.limited ?? false,
    noCopies: term(agreement, 'min.duplication') === 'none',
    noLinking: term(agreement, 'min.linking') === 'none',
    onward: term(agreement, 'onward.rule'),
    retention: { basis: term(agreement, 'retention.basis'), owner: term(agreement, 'retention.owner') },
    tellOfBreach: (sender as Party).controller,
  };
}

function alsoTold(agreement: Agreement, sender: Party | undefined, recipient: Party): boolean {
  const rule = term(agreement, 'header.alsoTold');
  const statutory = (party: Party | undefined) => party?.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.statutory) ?? false;
  return rule === 'always' || (rule === 'between-statutory-agencies' && statutory(sender) && statutory(recipient));
}
