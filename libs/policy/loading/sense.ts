import { type Agreement, entryNamed, purposeOf, term } from '../agreement';
import { monthsBetween } from '../conditions/age';

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

  const isEntry = (entry: string | undefined, ...path: (string | number)[]) => {
    if (entry !== undefined && !entryNamed(agreement, entry)) found.push({ path, reason: `unknown party-list entry \`${entry}\`` });
  };

  const hub = term(agreement, 'request.hub');
  const hubController = term(agreement, 'controller.hub');
  hubController?.entries.forEach((entry, i) => isEntry(entry, 'controller', 'hub', 'value', 'entries', i));
  if (hub && hubController && hub.desk !== hubController.desk) found.push({ path: ['controller', 'hub', 'value', 'desk'], reason: `\`${hubController.desk}\` is not the desk of request.hub` });
  term(agreement, 'party.scopeLimit')?.forEach(({ entry }, i) => isEntry(entry, 'party', 'scopeLimit', 'value', i));
  const needs = term(agreement, 'party.specificSecurityNeeds');
  needs?.profiles?.forEach(({ entry, from, noticed, earlyApproved }, i) => {
    const path = ['party', 'specificSecurityNeeds', 'value', 'profiles', i] as const;
    isEntry(entry, ...path);
    // PD-20: a change takes effect when the time of notice is over, unless the co-ordinator approved an earlier day.
    if (noticed === undefined || needs.noticeMonths === undefined || earlyApproved || monthsBetween(noticed, from) >= needs.noticeMonths) return;
    found.push({ path, reason: `rules of \`${entry}\` would hold before ${needs.noticeMonths} months of notice are over: give a later day, or \`earlyApproved\`` });
  });
  term(agreement, 'agreement.partyList').forEach(({ representedBy }, i) => isEntry(representedBy, 'agreement', 'partyList', 'value', i));
  for (const list of ['art6', 'art9', 'sch1', 'offenceData'] as const) {
    const { forEntries = [], forPurposes = [] } = term(agreement, `law.${list}`) ?? {};
    forEntries.forEach(({ entry }, i) => isEntry(entry, 'law', list, 'value', 'forEntries', i));
    forPurposes.forEach(({ purpose }, i) => {
      if (!purposeOf(agreement, purpose)) found.push({ path: ['law', list, 'value', 'forPurposes', i], reason: `unknown purpose \`${purpose}\`` });
    });
  }

  const { maxDays, remindOnDays } = term(agreement, 'retention.payloadInTransit');
  if (remindOnDays.some((day, i) => day >= maxDays || day <= (remindOnDays[i - 1] ?? 0))) {
    found.push({ path: ['retention', 'payloadInTransit', 'value', 'remindOnDays'], reason: 'reminders must be ascending and before maxDays' });
  }
  if (agreement.until !== undefined && agreement.until <= agreement.from) found.push({ path: ['until'], reason: 'until must be after from' });
  if (agreement.supersedes.includes(agreement.version)) found.push({ path: ['supersedes'], reason: 'a version cannot supersede itself' });
  return found;
}
