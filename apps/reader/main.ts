import { ClientRefusal } from '#client/codes';
import { type Reader, unlockReaderKey } from '#client/reader-key';
import { breaching } from './breaching';
import { connectionBy, type Line } from './connection';
import { found } from './elements';
import { type Handed, handed } from './handed';
import { watching } from './idle';
import { forgetKey, keepKey, keptKey } from './kept-key';
import { Mistyped } from './mistyped';
import { attempt, say } from './page';
import { reading } from './reading';
import { saying } from './saying';
import { writing } from './writing';

async function keyOf(file: HTMLInputElement): Promise<Uint8Array> {
  const chosen = file.files?.[0];
  const locked = chosen ? new Uint8Array(await chosen.arrayBuffer()) : await keptKey();
  if (!locked) throw new ClientRefusal('READER_KEY_INVALID', { because: 'NO_FILE' });
  return locked;
}

/** Signed is with the key of the team that was chosen, or not at all. @throws Mistyped */
function requireTeam({ writes }: Handed, { agency, contact }: Reader): void {
  if (writes && (writes.agency !== agency || writes.contact !== contact)) throw new Mistyped(`This is the key of ${agency}/${contact}, and it is to be sent by ${writes.agency}/${writes.contact}. Choose that team’s key file, or begin from the other team in the console.`);
}

/** Before six words are typed: whether the address is worth anything. From here on no other page has it. */
const probe = ({ about, writes, sayings, breach }: Handed): string => (breach ? (breach.report ? '/v1/directory/agencies?limit=1' : `/v1/breaches/${about}`) : writes ? `/v1/directory/agencies/${writes.agency}/certificates` : sayings ? `/v1/requests/${about}` : `/v1/mailbox/${about}`);

async function begin(item: Handed, line: Line, as: Reader): Promise<void> {
  const idle = watching({ item, line, keep: () => line.json({ path: probe(item) }) });
  if (item.sayings) return saying(item, item.sayings, line, as);
  const written = item.breach ? await breaching(item, item.breach, line, as) : item.writes ? await writing(item, item.writes, line, as) : await reading(item, line, as);
  idle.keeps(() => written.keep());
}

async function start(): Promise<void> {
  const item = handed();
  const line = connectionBy(item.base);
  if (item.back) Object.assign(found<HTMLAnchorElement>('back'), { href: item.back, hidden: false });
  if (item.writes) document.title = found('heading').textContent = 'Write what you send';
  if (item.breach) document.title = found('heading').textContent = item.breach.report ? 'Report a data breach' : 'A data breach';
  await line.json({ path: probe(item) });
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
      requireTeam(item, as);
      passphrase.value = '';
      if (keep.checked) await keepKey(locked);
      form.hidden = true;
      await begin(item, line, as);
    });
  });
}

void attempt(start);
