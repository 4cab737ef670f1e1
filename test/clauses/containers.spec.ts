import type { MailDomain } from '#policy/channels/question';
import type { Decision } from '#policy/decision';
import type { ShareTold } from '#protocol/answers';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { read, SENDER } from '../journeys/by-mail';
import { Example, SECRET } from '../world/example';
import { DOMAIN, MailDomain as Hosted } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { profile, reasonsOf } from '../world/profiles';

// To whom each agreement lets a container go, and over which hop: as it is decided, and as it leaves.

const tags = readTags().agreements;
const agreementOf = (tag: string): string => tags.get(tag) ?? tag;

const HOLDS: MailDomain = { tls: '1.2' };
const WEAK: MailDomain = { tls: 'none', lapsed: true };
const KEYLESS = { collects: false, protections: [], sealingKey: 'none' };

/** What is decided of the first recipient of the agreement's example: how it goes, or the codes for which it does not. */
function decided(tag: string, recipient: Record<string, unknown>, sender: MailDomain | undefined): string {
  const { cases: { world }, decided: decide } = profile(agreementOf(tag));
  const to = world.lines[0]?.recipient as { agency: string; contact: string };
  const changes = (agency: string, contact: string, fields: Record<string, unknown>): Record<string, unknown> => {
    const at = world.parties[agency]?.contacts.findIndex((each) => each.contact === contact);
    return Object.fromEntries(Object.entries(fields).map(([field, value]) => [`/parties/${agency}/contacts/${at}/${field}`, value]));
  };
  const own = world.parties[world.sender]?.contacts[0]?.contact as string;
  const decision: Decision = decide({ ...changes(to.agency, to.contact, recipient), ...(sender ? changes(world.sender, own, { domain: sender }) : {}) });
  const transfer = decision.outcome === 'permitted' ? decision.transfers.find((each) => each.recipient.agency === to.agency && each.recipient.contact === to.contact) : undefined;
  if (transfer) return [transfer.route, transfer.protection, ...(transfer.weakHop ? ['weak'] : [])].join(' ');
  return [...new Set(reasonsOf(decision).flatMap(({ code, recipient: on }) => (on?.agency === to.agency ? [code] : [])))].sort().join(', ');
}

test.each<[string, Record<string, unknown>, MailDomain | undefined, string]>([
  ['WOR CH-04: to one whose domain holds no TLS it goes in a container, and over a hop that is said to be weak', { ...KEYLESS, domain: WEAK }, HOLDS, 'mail aes-zip weak'],
  ['WOR CH-04: where both ends hold TLS that is the stronger way: its sender mails it itself', { ...KEYLESS, domain: HOLDS }, HOLDS, 'KEY_NOT_VERIFIED, NO_ADMITTED_CHANNEL'],
  ['WOR CH-04: where only the sender holds none the container goes, over TLS', { ...KEYLESS, domain: HOLDS }, WEAK, 'mail aes-zip'],
  ['LLR CH-04: to insecure mail it goes in a container', { ...KEYLESS, domain: WEAK }, HOLDS, 'mail aes-zip weak'],
  ['LLR CH-06: and so it does where both ends hold TLS: the message is protected besides', { ...KEYLESS, domain: HOLDS }, HOLDS, 'mail aes-zip'],
  ['WIR CH-04: a container is encryption, and goes where the hop holds and its sender cannot mail', { ...KEYLESS, domain: HOLDS }, undefined, 'mail aes-zip'],
  ['WIR CH-04: it opens no weak hop', { ...KEYLESS, domain: WEAK }, undefined, 'KEY_NOT_VERIFIED, TLS_BELOW_MINIMUM'],
  ['SOL CH-04: a container is encryption, and goes where the hop holds and its sender cannot mail', { ...KEYLESS, domain: HOLDS }, undefined, 'mail aes-zip'],
  ['SOL CH-04: it opens no weak hop', { ...KEYLESS, domain: WEAK }, undefined, 'KEY_NOT_VERIFIED, TLS_BELOW_MINIMUM'],
  ['WOR CH-04: a domain at which nobody has looked lately is no weak one: it may hold TLS', { ...KEYLESS, domain: { ...WEAK, unseen: true } }, HOLDS, 'KEY_NOT_VERIFIED, TLS_BELOW_MINIMUM'],
  ['NWADCS: where no text opens a container there is none', { ...KEYLESS, domain: HOLDS }, undefined, 'KEY_NOT_VERIFIED, NO_ADMITTED_CHANNEL'],
  ['LLR CH-15: whose key ran out gets no container in its place', { collects: false, sealingKey: 'expired', domain: HOLDS }, undefined, 'KEY_NOT_VERIFIED'],
  ['WOR CH-15: whose key was revoked gets no container in its place', { collects: false, sealingKey: 'revoked', domain: WEAK }, undefined, 'KEY_NOT_VERIFIED, TLS_BELOW_MINIMUM'],
  ['LLR CH-04: nor is one mailed to a contact of whom nobody entered that it is written to', { ...KEYLESS, collects: undefined, domain: HOLDS }, undefined, 'KEY_NOT_VERIFIED, NO_ADMITTED_CHANNEL'],
])('%s', (title, recipient, sender, expected) => {
  expect(decided(title.split(/[ :]/)[0] ?? '', recipient, sender)).toBe(expected);
});

/** How it leaves: `tls`, `clear`, or the code for which it does not; where the domain holds TLS, and where it holds none. */
const LEAVES: Record<string, { secure: string; weak: string }> = {
  NWADCS: { secure: 'NO_ADMITTED_CHANNEL', weak: 'NO_ADMITTED_CHANNEL' },
  WIR: { secure: 'tls', weak: 'TLS_BELOW_MINIMUM' },
  WOR: { secure: 'tls', weak: 'clear' },
  SOL: { secure: 'tls', weak: 'TLS_BELOW_MINIMUM' },
  LLR: { secure: 'tls', weak: 'clear' },
};

describe.each([...tags])('%s', (tag, agreement) => {
  let hosted: Hosted;
  let example: Example;
  const row = tag === 'NWADCS' ? tag : `${tag} CH-04`;
  beforeAll(async () => {
    hosted = await Hosted.start();
    const { resolver, egress, name, authorities, port } = hosted.options();
    example = await Example.open(agreement, { mail: { sender: SENDER, mailer: { resolver, egress, name, authorities: authorities as string, port: port as number } } }, { collects: false, mailDomain: DOMAIN, keys: false });
    await found((domain) => domain.found_at !== null && domain.lapsed_at === null);
  });
  afterAll(async () => {
    await example.close();
    await hosted.stop();
  });
  const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => example.world.db.owner.query<T>(text, values).then(({ rows }) => rows);
  const found = (as: (domain: { found_at: Date | null; lapsed_at: Date | null }) => boolean) =>
    eventually(async () => (await sql<{ found_at: Date | null; lapsed_at: Date | null }>('select found_at, lapsed_at from waybill.mail_domain where domain = $1', [DOMAIN])).every(as));

  /** What comes of the example in containers. */
  async function leaves(): Promise<string> {
    hosted.host.messages.length = hosted.host.messagesInClear.length = 0;
    const { share, containers } = await example.contained();
    const answer = await example.sender.submit(share);
    if (answer.status !== 202) return (answer.json.reasons as { code: string }[]).map(({ code }) => code).find((code) => code !== 'NOBODY_LEFT' && code !== 'KEY_NOT_VERIFIED') ?? '';
    const told = await eventually(async () => {
      const { transfers } = (await example.sender.get(`/v1/shares/${share.id}`)).json as ShareTold;
      return transfers.every(({ state }) => state === 'sent') && transfers;
    });
    const manifest = JSON.parse(share.manifest.toString()) as Record<string, string>;
    const secrets = [manifest['purpose'], manifest['lawfulBasis'], manifest['legalGateway'], SECRET, ...share.lines.map((text) => (JSON.parse(text) as { category?: string }).category), ...[...containers.values()].map(({ passphrase }) => passphrase)];
    expect(hosted.host.messages).toHaveLength(told.length);
    for (const message of hosted.host.messages) {
      const { parts } = read(Buffer.from(message, 'latin1'));
      const [words, ...zips] = [...parts];
      expect([words?.[0], zips.length > 0]).toEqual(['', true]);
      for (const [name, octets] of zips) expect(containers.get(name.replace('.zip', ''))?.octets.equals(octets)).toBe(true);
      // As whoever keeps a mail server reads it.
      for (const secret of secrets) if (secret) expect(message.replaceAll(/^[A-Za-z0-9+/=]{76}\r$|^[A-Za-z0-9+/]+={0,2}\r$/gm, '')).not.toContain(secret);
    }
    const pushed = (await sql<{ octets: Buffer }>('select octets from waybill.entry')).map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['kind'] === 'share-pushed' && entry['share'] === share.id);
    const clear = hosted.host.messagesInClear.length > 0;
    expect(hosted.host.messagesInClear.length).toBe(clear ? told.length : 0);
    expect(pushed).toHaveLength(2 * told.length);
    for (const entry of pushed) expect(entry).toMatchObject(clear ? { weakHop: 'clear' } : { tls: { version: 'tls-1.3', authentication: 'mta-sts' } });
    for (const entry of pushed) expect([entry['weakHop'] !== undefined, entry['tls'] !== undefined]).toEqual([clear, !clear]);
    return clear ? 'clear' : 'tls';
  }

  test(`${row}: to a domain that holds TLS: ${LEAVES[tag]?.secure}`, async () => {
    expect(await leaves()).toBe(LEAVES[tag]?.secure);
  });

  /** Its policy and its TLS are gone. */
  const weaken = async () => {
    hosted.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { rcode: 'NXDOMAIN' });
    hosted.host.behaviour = { ...hosted.host.behaviour, stripped: true };
    await sql('delete from waybill.sts_policy');
  };
  const look = () => sql(`update waybill.mail_domain set check_at = '2000-01-01' where domain = $1`, [DOMAIN]);

  test(`${row}: to one that holds none: ${LEAVES[tag]?.weak}`, async () => {
    await weaken();
    await look();
    await found((domain) => domain.lapsed_at !== null);
    expect(await leaves()).toBe(LEAVES[tag]?.weak);
  });

  // What may go weakly does so only while its domain is as it was when that was decided.
  const weakly = LEAVES[tag]?.weak === 'clear' ? test : undefined;
  weakly?.(`${row}: decided to go over a weak hop, it goes over TLS once its domain is mended; and waits for a look where the domain only seems to be`, async () => {
    await sql(`alter table waybill.outbox alter column due_at set default clock_timestamp() + interval '1 day'`);
    const sendWaiting = async () => {
      const { share } = await example.contained();
      const answer = await example.sender.submit(share);
      expect(answer.json.transfers).toEqual((answer.json.transfers as object[]).map(() => expect.objectContaining({ weakHop: true })));
      return share.id;
    };
    const release = () => sql(`with due as (update waybill.outbox set due_at = clock_timestamp() returning id) select pg_notify('waybill_outbox', '')`);
    const events = async (share: string) => ((await example.sender.get(`/v1/shares/${share}`)).json as ShareTold).transfers.map((transfer) => transfer.events.at(-1));
    const seeming = await sendWaiting();
    // As a look of a moment ago had it: what it found is not so any more.
    await sql('update waybill.mail_domain set lapsed_at = null, fault = null, found_at = $2, tls = $3, check_at = $4 where domain = $1', [DOMAIN, example.world.clock.now(), '1.3', new Date(example.world.clock.now().getTime() + 86_400_000)]);
    hosted.host.messages.length = hosted.host.messagesInClear.length = 0;
    await release();
    await eventually(async () => (await events(seeming)).every((event) => event?.kind === 'deferred' && event.detail === 'not-secure'));
    expect(hosted.host.messages).toEqual([]);
    // The domain is looked at a minute later, and the mail goes after that.
    example.world.clock.advance(61_000);
    const mailed = 'select bool_and(lapsed_at is not null) as lapsed from waybill.mail_domain d where exists (select from waybill.mailing m where m.agency = d.agency and m.ended_at is null)';
    await eventually(async () => (await sql<{ lapsed: boolean }>(mailed))[0]?.lapsed);
    example.world.clock.advance(60_000);
    await eventually(async () => (await events(seeming)).every((event) => event?.kind === 'sent' && event.detail === 'hop-clear'));
    const mended = await sendWaiting();
    hosted.reset();
    await look();
    await found((domain) => domain.lapsed_at === null);
    await release();
    await eventually(async () => (await events(mended)).every((event) => event?.kind === 'sent' && event.detail === undefined));
    expect([hosted.host.messages.length > 0, hosted.host.messagesInClear]).toEqual([true, []]);
  });
});
