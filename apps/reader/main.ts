import { ClientRefusal, GatewayProblem } from '#client/codes';
import { inspect, open, type PartOpened, type TransferOpened } from '#client/mailbox';
import type { Partner } from '#client/partner';
import { type Reader, unlockReaderKey } from '#client/reader-key';
import { acknowledge, giveBack, tellOpened } from '#client/statements';
import { GRAMMAR } from '#protocol/grammar';
import type { ReturnReason } from '#protocol/statement';
import { connectionBy } from './connection';
import { element, found } from './elements';
import { forgetKey, keepKey, keptKey } from './kept-key';
import { before, opened, referenceOf } from './share';
import { RETURNS } from './words';

/** What the console hands over behind `#`, which no server sees: where the sealed transfer is fetched, which it is, and who reads, for the foot of a printed page. */
interface Handed {
  base: string;
  transfer: string;
  reader: string;
}

/** Something that was typed is not what it should be; it says what to type. */
class Mistyped extends Error {}

const say = (text: string): void => void (found('status').textContent = text);

/** @throws ClientRefusal */
function handed(): Handed {
  const given = new URLSearchParams(location.hash.slice(1));
  const [base, transfer, reader] = [given.get('from') ?? '', given.get('transfer') ?? '', given.get('reader') ?? ''];
  // The address is worth something for minutes, and nobody who looks at this screen needs it.
  history.replaceState(undefined, '', location.pathname);
  if (!/^https:\/\/[A-Za-z0-9.:/_-]+$/.test(base) || !GRAMMAR.uuid.test(transfer)) throw new ClientRefusal('ANSWER_INVALID', { path: 'reader' });
  return { base, transfer, reader: reader.slice(0, 120) };
}

function told(error: unknown): string {
  if (error instanceof ClientRefusal) return `${error.says} ${error.next}`;
  if (error instanceof Mistyped) return error.message;
  if (error instanceof GatewayProblem) return `${error.says} ${error.next}`;
  return 'Something went wrong on this page; nothing was told to the sender. Open the item again from the console.';
}

async function reading({ base, transfer, reader }: Handed, as: Reader): Promise<void> {
  const partner = { ...as, connection: connectionBy(base) } as Partner;
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
  share.append(go, actions(() => giveBackWith(partner, copy)));
  go.addEventListener('click', () => void attempt(async () => {
    go.disabled = true;
    say('Opening …');
    const all = await open(partner, transfer, { limits: 'acknowledged' });
    await tellOpened(partner, all);
    go.replaceWith(...all.parts.map((part) => opened(all.copy, part)));
    share.querySelector('.actions')?.replaceWith(actions(() => acknowledging(partner, all), () => giveBackWith(partner, all.copy)));
    say('Opened and verified. The sender is told that it was opened.');
    found('main').focus();
  }));
  say('Verified: the sender’s signature, by a key that the co-ordinator vouches for; the gateway’s provenance. Not opened yet.');
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

function giveBackWith(partner: Partner, copy: Parameters<typeof giveBack>[1]): HTMLElement {
  const reason = element('select', { id: 'reason' }, ...Object.entries(RETURNS).map(([value, text]) => element('option', { value, text })));
  const button = element('button', { type: 'button', id: 'return', class: 'quiet', text: 'Refuse it' });
  button.addEventListener('click', () => void attempt(async () => {
    button.disabled = true;
    await giveBack(partner, copy, reason.value as ReturnReason);
    ended('Refused, signed. The sender is told, and why.');
  }));
  return element('div', { class: 'refusing' }, element('label', { for: 'reason', text: 'Or give it back, because' }), reason, button);
}

function ended(text: string): void {
  for (const each of document.querySelectorAll('.actions, #go')) each.remove();
  say(text);
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(told(error));
  }
}

async function keyOf(file: HTMLInputElement): Promise<Uint8Array> {
  const chosen = file.files?.[0];
  const locked = chosen ? new Uint8Array(await chosen.arrayBuffer()) : await keptKey();
  if (!locked) throw new ClientRefusal('READER_KEY_INVALID', { because: 'NO_FILE' });
  return locked;
}

async function start(): Promise<void> {
  const item = handed();
  const [form, file, passphrase, keep] = [found<HTMLFormElement>('key'), found<HTMLInputElement>('file'), found<HTMLInputElement>('passphrase'), found<HTMLInputElement>('keep')];
  const kept = (await keptKey()) !== undefined;
  found('kept').hidden = !kept;
  form.hidden = false;
  found('forget').addEventListener('click', () => void attempt(async () => {
    await forgetKey();
    found('kept').hidden = true;
    say('This browser keeps no key any more.');
  }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(async () => {
      say('Unlocking …');
      const locked = await keyOf(file);
      const as = await unlockReaderKey(locked, passphrase.value.trim().replace(/\s+/g, ' '));
      passphrase.value = '';
      if (keep.checked) await keepKey(locked);
      form.hidden = true;
      await reading(item, as);
    });
  });
}

void attempt(start);
