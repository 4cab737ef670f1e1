import type { Partner } from '#client/partner';
import { type Access, inspect, open, type PartOpened, type TransferOpened } from '#client/mailbox';
import type { Reader } from '#client/reader-key';
import { acknowledge, tellOpened } from '#client/statements';
import { ACCESS_REASONS, type AccessReason } from '#protocol/access-reasons';
import { GRAMMAR } from '#protocol/grammar';
import { FORMATS } from '#register/entry-formats';
import { answering } from './answering';
import { type Line, partnerBy } from './connection';
import { drafting } from './drafting';
import { draftOf } from './drafts';
import { element, found } from './elements';
import type { Handed } from './handed';
import { Mistyped } from './mistyped';
import { attempt, ended, say } from './page';
import { refusing } from './refusing';
import { scrutinising } from './scrutinising';
import { before, opened, referenceOf } from './share';
import type { Written } from './writing';

/** What came in: verified, shown, opened, and answered or given back. */
export async function reading({ about: transfer, reader, role, managers, checklist, answers, compelled }: Handed, line: Line, as: Reader): Promise<Written> {
  const written: Written = { keep: () => Promise.resolve(false) };
  const partner = partnerBy(line, as);
  say('Verifying …');
  const copy = await inspect(partner, transfer);
  const share = found('share');
  share.replaceChildren(...before(copy));
  share.hidden = false;
  document.title = `${referenceOf(copy)} – Reader`;
  found('heading').textContent = referenceOf(copy);
  found('marking').textContent = [copy.read.classification ?? copy.claims.classification, referenceOf(copy), ...(copy.read.handling.doNotTellSubject ? ['DO NOT TELL THE PERSON'] : []), reader, new Date().toLocaleString('en-GB', { timeZone: 'Europe/London' })].join('  ·  ');
  const limited = copy.read.consent?.limited || copy.claims.handling['consentLimited'];
  const go = element('button', { type: 'button', id: 'go', text: limited ? 'The person agreed within these limits. I keep to them: open it' : 'Open it: from then on the sender cannot take it back' });
  const access = copy.claims.handling['operationsLogged'] ? asked(role) : undefined;
  const giving = (opened: boolean, copy_ = copy) => refusing({ partner, copy: copy_, role, managers, opened, attempt, ended });
  share.append(...(access?.fields ?? []), go, actions(() => giving(false)));
  go.addEventListener('click', () => void attempt(async () => {
    const said = access?.said();
    go.disabled = true;
    say('Opening …');
    const all = await open(partner, transfer, { limits: 'acknowledged', ...(said && { access: said }) });
    await tellOpened(partner, all, said);
    for (const field of access?.fields ?? []) field.remove();
    go.replaceWith(...all.parts.map((part) => opened(all.copy, part)));
    if (answers && all.copy.read.asks !== undefined) {
      share.append(scrutinising({ partner, copy: all.copy, role, attempt, say, ended }));
      const pane = answering({ partner, copy: all.copy, role, managers, checklist, compelled, attempt, say, answered: () => {
        draft.sent();
        written.keep = () => Promise.resolve(false);
        ended('Answered, signed. Whoever asked has it in its mailbox, and both registers have it.', { keeps: '.acknowledging' });
      } });
      const kept = element('p', { id: 'kept-draft' });
      pane.append(kept);
      share.append(pane);
      const draft = drafting({ as, id: transfer, codes: '', root: pane, told: kept }, (await draftOf(as, transfer).catch(() => undefined))?.words);
      written.keep = () => draft.keep();
    }
    share.querySelector('.actions')?.replaceWith(actions(() => acknowledging(partner, all), () => giving(true, all.copy)));
    recordPrints(line);
    say('Opened and verified. The sender is told that it was opened.');
    found('main').focus();
  }));
  say('Verified: the sender’s signature, by a key that the co-ordinator vouches for; the gateway’s provenance. Not opened yet.');
  return written;
}

/** In which role it is opened, and why: where every look is logged, it stays closed until both are said (RC-08). */
function asked(known: string): { fields: HTMLElement[]; said: () => Access } {
  const role = element('input', { id: 'role', type: 'text', value: known, autocomplete: 'off', spellcheck: 'false' });
  const why = element('select', { id: 'why' }, element('option', { value: '' }), ...Object.entries(ACCESS_REASONS).map(([code, says]) => element('option', { value: code, text: says })));
  return {
    fields: [element('label', { for: 'role', text: 'Every look at this is logged. Your role, such as duty-social-worker' }), role, element('label', { for: 'why', text: 'Why you open it' }), why],
    said: () => {
      if (!FORMATS.role.grammar.test(role.value.trim()) || !Object.hasOwn(ACCESS_REASONS, why.value)) throw new Mistyped('Say your role, in small letters with hyphens, and why you open it.');
      return { role: role.value.trim(), justification: why.value as AccessReason };
    },
  };
}

/** Each print is put on record as it begins. */
function recordPrints(line: Line): void {
  addEventListener('beforeprint', () => void line.printed().catch(() => say('This print could not be put on record. Tell your data protection officer that you printed it.')));
}

/** What can be done with it now, in this order. */
function actions(...make: (() => HTMLElement)[]): HTMLElement {
  return element('div', { class: 'actions' }, ...make.map((each) => each()));
}

function acknowledging(partner: Partner, { copy }: TransferOpened<PartOpened>): HTMLElement {
  const onward = element('input', { id: 'onward', type: 'text', autocomplete: 'off', spellcheck: 'false' });
  const button = element('button', { type: 'button', id: 'acknowledge', text: 'Acknowledge: our organisation answers for this copy' });
  button.addEventListener('click', () => void attempt(async () => {
    const onwards = agenciesIn(onward.value);
    button.disabled = true;
    await acknowledge(partner, copy, onwards);
    ended('Acknowledged, signed. The sender is told.');
  }));
  const label = element('label', { for: 'onward', text: 'Organisations to which you mean to pass it on, by their names in the directory; leave it empty if to none. The sender is told' });
  return element('div', { class: 'acknowledging' }, label, onward, button);
}

/** @throws Mistyped */
function agenciesIn(text: string): string[] {
  const agencies = text.split(/[\s,;]+/).filter(Boolean);
  if (!agencies.every((agency) => GRAMMAR.agency.test(agency))) throw new Mistyped('That is no name of the directory. Write names such as merebrook-council, with spaces between them; leave it empty if you pass it on to nobody.');
  return agencies;
}
