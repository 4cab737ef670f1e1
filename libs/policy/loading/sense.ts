import { type Agreement, entryNamed, term } from '../agreement';

interface Nonsense {
  path: readonly (string | number)[];
  reason: string;
}

/** What a schema cannot see: names that must be unique, and names that must lead somewhere. */
export function nonsense(agreement: Agreement): Nonsense[] {
  const found: Nonsense[] = [];
  const unique = (group: string, parameter: string, names: readonly string[], what: string) => {
    names.forEach((name, i) => {
      if (names.indexOf(name) !== i) found.push({ path: [group, parameter, 'value', i], reason: `duplicate ${what} \`${name}\`` });
    });
  };
  unique('agreement', 'purposes', term(agreement, 'agreement.purposes').map(({ code }) => code), 'purpose');
  unique('agreement', 'partyList', term(agreement, 'agreement.partyList').map(({ entry }) => entry), 'party-list entry');

  const hub = term(agreement, 'request.hub');
  const hubController = term(agreement, 'controller.hub');
  hubController?.entries.forEach((entry, i) => {
    if (!entryNamed(agreement, entry)) found.push({ path: ['controller', 'hub', 'value', 'entries', i], reason: `unknown party-list entry \`${entry}\`` });
  });
  if (hub && hubController && hub.desk !== hubController.desk) found.push({ path: ['controller', 'hub', 'value', 'desk'], reason: `\`${hubController.desk}\` is not the desk of request.hub` });
  for (const [i, { entry }] of (term(agreement, 'party.scopeLimit') ?? []).entries()) {
    if (!entryNamed(agreement, entry)) found.push({ path: ['party', 'scopeLimit', 'value', i], reason: `unknown party-list entry \`${entry}\`` });
  }

  const { maxDays, remindOnDays } = term(agreement, 'retention.payloadInTransit');
  if (remindOnDays.some((day, i) => day >= maxDays || day <= (remindOnDays[i - 1] ?? 0))) {
    found.push({ path: ['retention', 'payloadInTransit', 'value', 'remindOnDays'], reason: 'reminders must be ascending and before maxDays' });
  }
  if (agreement.until !== undefined && agreement.until <= agreement.from) found.push({ path: ['until'], reason: 'until must be after from' });
  if (agreement.supersedes.includes(agreement.version)) found.push({ path: ['supersedes'], reason: 'a version cannot supersede itself' });
  return found;
}
