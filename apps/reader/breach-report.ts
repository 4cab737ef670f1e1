import { type BreachDescription, reportBreach, stateOfBreach } from '#client/breaches';
import { GatewayProblem } from '#client/codes';
import type { Partner } from '#client/partner';
import type { Reader } from '#client/reader-key';
import type { BreachFacts } from '#protocol/breach';
import { type Agencies, FACTS, scopeFields } from './breach-fields';
import type { Breaching } from './breaching';
import { drafting } from './drafting';
import { choosing, lastWritten } from './choosing';
import { BREACH_DRAFT, type Draft, draftsOf, keepDraft } from './drafts';
import { element, found } from './elements';
import { type FieldAsked, fieldsOf } from './fields';
import { attempt, say } from './page';
import { stepping } from './steps';
import type { Written } from './writing';

/** As whom, and about which case, something of a data breach is said. */
export interface BreachAbout {
  partner: Partner;
  as: Reader;
  /** Id of the case; of a new one drawn by the console. */
  breach: string;
  role: string;
  /** Who is at the desk, for the foot of a printed page. */
  reader: string;
  given: Breaching;
}

/** What was answered before the reader was opened. */
type Report = NonNullable<Breaching['report']>;

const NOT_YET = 'not-yet-known';

/** The first question alone, at once: whoever can protect somebody is told before anything else is asked. The same again is the same case. */
export async function alarmed({ partner, breach, role }: BreachAbout, { harm, agreement, nearMiss }: Report): Promise<void> {
  const now = new Date().toISOString();
  await once(partner, { id: breach, harm, role, agreement, type: NOT_YET, foundBy: NOT_YET, foundAt: now, awareAt: now, shares: [], ...(nearMiss && { nearMiss }) });
}

/** After an answer that was lost the case may stand already: its id was drawn for this page alone. */
async function once(partner: Partner, described: BreachDescription): Promise<void> {
  await reportBreach(partner, described).catch((error: unknown) => {
    if (!(error instanceof GatewayProblem) || error.code !== 'BREACH_ID_REUSED') throw error;
  });
}

interface Reporting extends BreachAbout {
  share: HTMLElement;
  agencies: Agencies;
  /** A new report; absent: what the first question left open of a case. */
  report?: Report;
}

/** The report in the order of the regulator's form, step by step, sealed in this browser as it is filled in. @returns what keeps it as a draft */
export async function reporting(about: Reporting): Promise<Written> {
  const { as, breach, share, report } = about;
  const drafts = await draftsOf(as).catch(() => []);
  const begun = report ? drafts.filter(({ codes }) => codes === BREACH_DRAFT) : [];
  const written: Written = { keep: () => Promise.resolve(false) };
  const form = (draft?: Draft): void => void (written.keep = filledIn(about, draft));
  if (begun.length === 0) form(drafts.find(({ id }) => id === breach));
  else {
    const anew = element('button', { type: 'button', id: 'anew', class: 'quiet', text: 'Begin a new report' });
    const chooser = element('div', { id: 'begun' });
    const chosen = (draft?: Draft): void => {
      chooser.remove();
      form(draft);
    };
    anew.addEventListener('click', () => chosen());
    chooser.append(...choosing(begun, ({ at }) => `report of a data breach, last written ${lastWritten(at)}`, chosen), anew);
    share.append(chooser);
  }
  if (report) say(begun.length === 0 ? 'Nothing has been reported yet. Fill in what you know; what you do not know you say later.' : 'A report was begun in this browser. Nothing has been reported yet.');
  return { keep: () => written.keep() };
}

function filledIn(about: Reporting, before: Draft | undefined): () => Promise<boolean> {
  const { as, breach, share, given, agencies, report } = about;
  const groups = groupsOf(scopeFields(agencies, given.shares));
  const fields = fieldsOf(groups.flatMap(([, asked]) => asked), 'report');
  let from = 0;
  const steps = groups.map(([title, asked]) => ({ title, elements: fields.elements.slice(from, (from += asked.length)) }));
  const kept = element('p', { id: 'kept-draft', class: 'hint', text: 'What you fill in is sealed to your team’s key and kept in this browser as you go on.' });
  const send = element('button', { type: 'button', id: 'send-report', text: report ? 'Report it, signed' : 'Say the rest of it, signed' });
  const account = element('textarea', { id: 'account', rows: '8' });
  const words = element('div', { class: 'field' }, element('label', { for: 'account', text: 'What happened, in words. It is no part of what is signed: sealed, it stays in this browser for the report to the regulator, and no server has it' }), account);
  const form = element('section', { id: 'reporting', 'aria-label': 'Report' }, stepping([...steps, { title: 'In words, and then sign it', elements: [words, send] }]), kept);
  choose(form, given);
  share.append(form);
  const draft = drafting({ as, id: breach, codes: report ? BREACH_DRAFT : '', root: form, told: kept, begun: before?.id, all: true }, before?.words);
  let gone = false;
  send.addEventListener('click', () => void attempt(async () => {
    const said = reported(fields.said());
    send.disabled = true;
    say('Signing …');
    try {
      await (report ? once(about.partner, { ...(said as Omit<BreachDescription, 'harm' | 'role' | 'agreement'>), id: breach, harm: report.harm, role: about.role, agreement: report.agreement, ...(report.nearMiss && { nearMiss: true }) }) : complete(about, said));
    } finally {
      send.disabled = false;
    }
    gone = true;
    draft.sent();
    // Of what was filled in the words alone are needed again: for the report to the regulator.
    await draft.settled();
    if (account.value.trim() !== '') await keepDraft(as, { id: breach, at: new Date().toISOString(), codes: '', words: { account: account.value } }).catch(() => undefined);
    form.remove();
    share.append(element('p', { id: 'reported', text: `Case B-${breach.slice(-8).toUpperCase()} is on record, signed. Whoever must be told at once has been told. Go back to the console to see who has read it, and what is due when.` }));
    say('On record, signed.');
    found('main').focus();
  }));
  return () => (gone ? Promise.resolve(false) : draft.keep());
}

/** What it came from is chosen already: ticked where it can be picked, else named by its number. */
function choose(form: HTMLElement, { shares, chosen }: Breaching): void {
  const listed = new Set(shares.map(([share]) => share));
  for (const box of form.querySelectorAll<HTMLInputElement>('#report-shares input')) box.checked = chosen.includes(box.value);
  const others = form.querySelector<HTMLInputElement>('#report-otherShares');
  if (others) others.value = chosen.filter((share) => !listed.has(share)).join(' ');
}

/** The questions in the order of the regulator's form; last whose information it was, from which follows who is told. */
const groupsOf = ({ what, found: how, when, whose }: ReturnType<typeof scopeFields>): [string, readonly FieldAsked[]][] => [
  ['What happened', [...what, ...FACTS.happened]], ['How it was found, and what was in place before', [...how, ...FACTS.before]], ['When', when], ['Which data, and about whom', FACTS.data],
  ['What may come of it', FACTS.consequences], ['What was done, and will be', [...FACTS.cyber, ...FACTS.actions]], ['Whose information it was, and who received it', whose],
];

/** Shares that were ticked and those that were typed are of one kind. */
function reported({ shares, otherShares, ...said }: Record<string, unknown>): Record<string, unknown> {
  return { ...said, shares: [...new Set([...((shares as string[] | undefined) ?? []), ...((otherShares as string[] | undefined) ?? [])])] };
}

/** What the first question left open, as a phase of whoever asked it. */
async function complete({ partner, breach, role }: BreachAbout, { facts, awareAt, ...scope }: Record<string, unknown>): Promise<void> {
  await stateOfBreach(partner, breach, 'phase', { role, scope, ...(facts !== undefined && { facts: facts as BreachFacts }), ...(awareAt !== undefined && { awareAt: awareAt as string }) });
}

