import type { PartDescribed, ShareDescription } from '#client/description';
import type { Partner } from '#client/partner';
import type { Reader } from '#client/reader-key';
import { plan } from '#client/sharing';
import { ClientRefusal } from '#client/codes';
import { TABLES } from '#policy/keeping/words';
import { readJson } from '#protocol/json';
import { adviceAsked, adviceShown, requireUnrecognised, unrecognisedField } from './advice';
import { type Line, partnerBy } from './connection';
import { drafting } from './drafting';
import { choosing, lastWritten } from './choosing';
import { BREACH_DRAFT, type Draft, draftsOf } from './drafts';
import { element, facts, found } from './elements';
import type { Handed } from './handed';
import { READER_LIMITS } from './limits';
import { Mistyped } from './mistyped';
import { attempt, say } from './page';
import { plannedShown } from './planned-shown';
import { sentShown } from './sent';
import { plain, URGENCY } from './words';

/** Codes that everybody uses: a word of theirs that is also somebody's name tells nothing. */
const KNOWN_CODES: ReadonlySet<string> = new Set(Object.values(TABLES).flatMap((table) => Object.keys(table)));

const KINDS: Record<string, string> = { fact: 'Fact', opinion: 'Opinion', 'third-party-report': 'What somebody else reported' };

export interface Written {
  /** Seals what is being written, and keeps it in this browser. @returns whether anything was */
  keep(): Promise<boolean>;
}

/** Something new: its words are written here, looked over, sealed and signed, and go out of this page as ciphertext alone. */
export async function writing(item: Handed, { codes, agency }: NonNullable<Handed['writes']>, line: Line, as: Reader): Promise<Written> {
  const partner = { ...partnerBy(line, as), agency };
  const share = found('share');
  share.hidden = false;
  const written: Written = { keep: () => Promise.resolve(false) };
  const compose = (draft: Pick<Draft, 'codes' | 'words'>, begun?: string): void => {
    written.keep = composed({ item, partner, as, share, draft, begun });
  };
  if (codes !== undefined) compose({ codes, words: {} });
  else {
    const drafts = (await draftsOf(as)).filter((each) => each.codes !== '' && each.codes !== BREACH_DRAFT);
    say(drafts.length === 0 ? 'This browser keeps no draft that this key opens.' : 'Choose what to go on with.');
    share.replaceChildren(...choosing(drafts, called, (draft) => compose(draft, draft.id)));
  }
  return { keep: () => written.keep() };
}

/** What it is called, by what is known of it without reading a word. */
function called({ codes, at }: Draft): string {
  const { subject, asks } = sharedAs(codes);
  return `${asks ? 'Request' : 'Share'}${subject?.reference ? ` about ${subject.reference}` : ''}, last written ${lastWritten(at)}`;
}

/** @throws ClientRefusal where what was handed over is nothing that the console hands over */
function sharedAs(codes: string): ShareDescription {
  const reading = readJson(Buffer.from(codes, 'base64url'));
  const share = (reading.ok ? reading.value : undefined) as Partial<ShareDescription> | undefined;
  if (!share?.sender || !Array.isArray(share.parts) || share.parts.length === 0 || !Array.isArray(share.recipients) || !share.agreement || !Object.hasOwn(URGENCY, String(share.urgency))) throw new ClientRefusal('SHARE_INVALID', { places: ['/'] });
  return share as ShareDescription;
}

interface Composing {
  item: Handed;
  partner: Partner;
  as: Reader;
  share: HTMLElement;
  draft: Pick<Draft, 'codes' | 'words'>;
  /** The draft that is gone on with. */
  begun: string | undefined;
}

const field = (id: string, label: string, input: HTMLElement): HTMLElement => element('div', { class: 'field' }, element('label', { for: id, text: label }), input);
const valueOf = (id: string): string => found<HTMLInputElement>(id).value.trim();

/** @returns what keeps it as a draft */
function composed({ item, partner, as, share, draft: { codes, words }, begun }: Composing): () => Promise<boolean> {
  const id = item.about;
  let gone = false;
  const base = { ...sharedAs(codes), id };
  const asks = base.asks !== undefined;
  document.title = found('heading').textContent = asks ? 'Write your question' : 'Write what you share';
  const look = element('button', { type: 'button', id: 'look', text: 'Look what will go to whom' });
  const planned = element('div', { id: 'planned' });
  const kept = element('p', { id: 'kept-draft', class: 'hint', text: 'What you write is sealed to your team’s key and kept in this browser as you go on. Files are not.' });
  share.replaceChildren(...toKnow(base), ...base.parts.map((part, i) => partFields(part, i, asks)), ...(base.advice?.pseudonymous ? [unrecognisedField()] : []),
    element('fieldset', {}, element('legend', { text: 'For your own record' }),
      field('words', 'Why you decided so, in words: sealed to your own team alone. Leave it empty if the codes say it', element('textarea', { id: 'words', rows: '4' })),
      field('known', 'Names of the person, separated by commas: compared with what is not sealed, and never sent', element('input', { id: 'known', type: 'text', autocomplete: 'off', spellcheck: 'false' }))),
    kept, look, planned);
  const draft = drafting({ as, id, codes, root: share, told: kept, begun }, words);
  share.addEventListener('input', () => planned.replaceChildren());
  look.addEventListener('click', () => void attempt(async () => {
    say('Asking what would be decided …');
    const about = await whole(base);
    planned.replaceChildren(...plannedShown({
      partner, button: asks ? 'Ask, signed' : 'Send it, signed',
      sent: (receipt, sealed) => {
        gone = true;
        draft.sent();
        for (const each of [...share.children]) (each as HTMLElement).hidden = true;
        share.append(sentShown({ partner, receipt, sealed, asks, undone: () => draft.keep() }));
        say(asks ? 'Asked, sealed and signed.' : 'Sent, sealed and signed.');
        found('main').focus();
      },
    }, await plan(partner, about, { knownCodes: KNOWN_CODES })));
    planned.scrollIntoView();
  }));
  say('Nothing has been written yet. The server that passes it on cannot read what you write.');
  if (Object.keys(words).length > 0) say('Your draft is here again. Choose files anew.');
  return () => (gone ? Promise.resolve(false) : draft.keep());
}

/** All that will be signed beside the words: whoever chose it in the console sees it here, where nobody else can have changed it unseen. */
function toKnow(share: ShareDescription): Node[] {
  const { sender, purpose, urgency, lawfulBasis, conditions, legalGateway, consent, informed, subject, subjects, recipients, parts, asks, handling, threads, decision } = share;
  const list = (codes: readonly (string | undefined)[]): string => codes.flatMap((code) => (code ? [plain(code)] : [])).join(', ') || 'not stated';
  return [
    ...(urgency === 'emergency' ? [element('p', { class: 'warning', text: 'Emergency: ring 999 first, then the front door. Do not wait for this to be read.' })] : []),
    ...(handling.doNotTellSubject ? [element('p', { class: 'warning', text: 'Marked: the person must not be told.' })] : []),
    facts([
      ['From', `${sender.agency}/${sender.contact}${sender.role ? `, ${plain(sender.role)}` : ''}`], ['Under', share.agreement.id], ['Urgency', URGENCY[urgency]], ['Purpose', plain(purpose ?? 'not stated')], ['Reference', subject?.reference ?? 'none'], ['About', list([...(subjects ?? []), subject?.band, subject?.atRisk])],
      ['By what right', [lawfulBasis, ...(conditions ?? []), legalGateway].filter(Boolean).join(', ') || 'not stated'], ['Consent', list([consent?.status, consent?.reason])],
      ['Told', list([informed?.status, informed?.reason ?? informed?.by])], ['Decided', list([...(decision?.reasons ?? []), decision?.method, decision?.risk && `risk: ${decision.risk}`])],
      ...(share.advice ? [['Asks for advice', adviceAsked(share.advice)] as const] : []),
      ...(decision?.secondDecider ? [['Decided with', decision.secondDecider] as const] : []),
      ...(decision?.consulted ? [['Talked over with', adviceShown(decision.consulted)] as const] : []),
      ...(asks ? [['Asked for', asks.categories.map(({ category, needToKnow }) => `${plain(category)}${needToKnow ? ` (${plain(needToKnow)})` : ''}`).join(', ')] as const] : []),
      ...(threads?.previous ? [['Passes on', threads.previous] as const] : []), ...(threads?.supersedes ? [['Replaces', threads.supersedes] as const] : []),
      ...recipients.map((to) => [`To ${to.agency}/${to.contact}`, Object.entries(to.parts).map(([part, { needToKnow = '' }]) => `${plain(parts[Number(part.slice(5)) - 1]?.category ?? part)} (${plain(needToKnow)})`).join(', ') || 'nothing'] as const),
    ]),
  ];
}

function partFields({ category, kind, confidence, source, asOf }: PartDescribed, i: number, asks: boolean): HTMLElement {
  const n = i + 1;
  const marks = [kind && (KINDS[kind] ?? kind), confidence, source && `from: ${plain(source)}`, asOf && `as of ${asOf}`].filter(Boolean).join('; ');
  const called = asks ? 'Your question' : `${plain(category)}${marks ? `: ${marks}` : ''}`;
  return element('fieldset', { class: 'category' }, element('legend', { text: called }),
    field(`text-${n}`, asks ? 'Who it is about, and what you need to know' : 'In words', element('textarea', { id: `text-${n}`, rows: '6' })),
    field(`file-${n}`, 'Or a file in its place', element('input', { id: `file-${n}`, type: 'file' })),
    element('div', { class: 'choice' }, element('input', { type: 'checkbox', id: `scanned-${n}` }), element('label', { for: `scanned-${n}`, text: 'Our scanner looked through the file and found nothing. Unticked it is shown as not scanned' })));
}

/** The codes with their words. @throws Mistyped with what is missing */
async function whole(base: ShareDescription & { id: string }): Promise<ShareDescription> {
  const today = new Date().toISOString().slice(0, 10);
  const parts = await Promise.all(base.parts.map(async (part, i): Promise<PartDescribed> => ({ ...part, octets: await octetsOf(part.category, i + 1), ...(found<HTMLInputElement>(`scanned-${i + 1}`).checked ? { scannedOn: today } : {}) })));
  if (base.advice?.pseudonymous) requireUnrecognised();
  const [text, known] = [valueOf('words'), valueOf('known').split(',').map((each) => each.trim()).filter(Boolean)];
  return { ...base, parts, subject: { ...base.subject, known: { names: known } }, ...(base.decision ? { decision: { ...base.decision, ...(text === '' ? {} : { words: { text } }) } } : {}) };
}

/** @throws Mistyped */
async function octetsOf(category: string, n: number): Promise<Uint8Array> {
  const file = found<HTMLInputElement>(`file-${n}`).files?.[0];
  if (file && file.size > READER_LIMITS.file.value) throw new Mistyped(`The file for ${plain(category)} is larger than ${READER_LIMITS.file.value / 1024 / 1024} MB, which a page cannot seal. Send it with the command.`);
  if (file) return new Uint8Array(await file.arrayBuffer());
  const text = valueOf(`text-${n}`);
  if (text === '') throw new Mistyped(`Write ${category === 'question' ? 'your question' : plain(category)}, or choose a file.`);
  return new TextEncoder().encode(text);
}
