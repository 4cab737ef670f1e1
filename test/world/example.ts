import type { Certificate } from '#envelope/certificates';
import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { seal } from '#envelope/sealing';
import { uuid7 } from '#platform/ids';
import { change, proposed } from '#policy/cases-run';
import type { Party } from '#policy/parties';
import type { Line } from '#protocol/line';
import { isPartLine } from '#protocol/line';
import type { Receipt } from '#protocol/answers';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { type Composed, fieldsOf, sealedDigest, type TestPartner } from './partner';
import { openWorld, type World, type WorldPlan } from './partnership';
import { type Profile, profile } from './profiles';

type ContactPlan = AgencyPlan['contacts'][number];

/** What is otherwise of every contact with a key, such as that nobody collects for it; of every one without; and of the agency's mail. */
export type Otherwise = Partial<ContactPlan> & Pick<AgencyPlan, 'mailDomain'> & { keyless?: Partial<ContactPlan> };

/** A party of an agreement's examples as an agency that joins: with the contacts, the posts and what is on file of it there. */
function planOf({ agency, controller, types, country, memberships, contacts }: Party, agreement: string, { mailDomain, keyless, ...changed }: Otherwise = {}): AgencyPlan | undefined {
  const membership = memberships.find((each) => each.agreement === agreement && each.status === 'active');
  if (!membership) return undefined;
  const { agreement: _agreement, status: _status, from: _from, until: _until, entry, ...onFile } = membership;
  return {
    agency, name: controller.name, controller, type: types[0] as string, country, entry, onFile, ...(mailDomain && { mailDomain }),
    contacts: contacts.map(({ contact, kind, posts, desk, telephone, cjsm, approvedOn, sealingKey }) => ({
      contact, kind: kind as 'team' | 'person', label: contact, posts, ...(desk && { desk }), ...(telephone && { telephone }), ...(cjsm !== undefined && { cjsm }), ...(approvedOn && { approvedOn }), keys: sealingKey === 'current', ...(sealingKey === 'current' ? changed : keyless),
    })),
  };
}

/** A part in a container: who has the passphrase reads it, and nobody else. */
export interface ContainedPart {
  octets: Buffer;
  passphrase: string;
}

/** What stands in every sealed part of it. */
export const SECRET = 'Wilhelmina Quillfeather';

/** The permitted share of an agreement's own examples, played: its parties enrolled with real keys at a real gateway. */
export class Example {
  private constructor(readonly world: World, private readonly of: Profile) {}

  /** @param recipients what is otherwise of all of them; or of each agency, the sender too */
  static async open(agreement: string, plan: Omit<WorldPlan, 'agreement' | 'cast'> = {}, recipients: Otherwise | ((agency: string) => Otherwise) = {}): Promise<Example> {
    const of = profile(agreement);
    const { sender, parties } = of.cases.world;
    const otherwise = (agency: string): Otherwise => (typeof recipients === 'function' ? recipients(agency) : agency === sender ? {} : recipients);
    const cast = Object.values(parties).flatMap((party) => planOf(party, agreement, otherwise(party.agency)) ?? []);
    return new Example(await openWorld({ ...plan, agreement, cast }), of);
  }

  get sender(): TestPartner {
    return this.world.partner(this.of.cases.world.sender);
  }

  /** Seals and signs it anew, as of now; with an id that was named before, and sealed as its recipients have it. */
  async compose(changes: Record<string, unknown> = {}, { id, sealed }: { id?: string; sealed?: (octets: Buffer) => Uint8Array } = {}): Promise<Composed> {
    const { by, manifest, lines } = this.proposed(changes, id);
    const parts = new Map<string, Uint8Array>();
    // Copied into an array of this realm: openpgp takes no other for one.
    const shared = [...lines].filter(isPartLine);
    for (const name of new Set(shared.map(({ part }) => part))) {
      const octets = Buffer.from(`${SECRET}, ${name}`);
      const to = () => shared.filter(({ part }) => part === name).map(({ recipient }) => this.certificate(recipient));
      parts.set(name, sealed ? sealed(octets) : await seal({ octets, to: to(), signer: by.keys().key, manifest: manifest.id, part: name }));
    }
    return this.signed(by, manifest, lines, parts);
  }

  /** The same for recipients who have no key: each line is a part of its own, in a container with a passphrase of its own. */
  async contained(changes: Record<string, unknown> = {}): Promise<{ share: Composed; containers: Map<string, ContainedPart> }> {
    const { by, manifest, lines } = this.proposed(changes);
    const containers = new Map<string, ContainedPart>();
    const apart: Line[] = [];
    for (const line of lines) {
      if (!isPartLine(line)) apart.push(line);
      else {
        const [part, passphrase] = [`part-${containers.size + 1}`, newPassphrase()];
        containers.set(part, { passphrase, octets: Buffer.from(await makeContainer({ files: [{ octets: Buffer.from(`${SECRET}, ${part}`), kind: 'txt' }], passphrase })) });
        apart.push({ ...line, part });
      }
    }
    return { share: await this.signed(by, manifest, apart, new Map([...containers].map(([part, { octets }]) => [part, octets]))), containers };
  }

  /** Puts it as an information request, and gives that request's id; `to` is the first whom it asks. */
  async ask(changes: Record<string, unknown>, to?: string): Promise<{ request: string; share: Composed; receipt: Receipt }> {
    const share = await this.compose(changes);
    const { sender } = JSON.parse(share.manifest.toString()) as { sender: { agency: string } };
    const answer = await this.world.partner(sender.agency).form('POST', '/v1/requests', fieldsOf(share));
    if (answer.status !== 202) throw new Error(`refused: ${answer.body.toString()}`);
    const receipt = answer.json as Receipt;
    return { request: receipt.transfers.find(({ recipient }) => to === undefined || recipient.agency === to)?.transfer ?? '', share, receipt };
  }

  /** @throws Error with the answer where it is not accepted */
  async send(changes: Record<string, unknown> = {}): Promise<{ share: Composed; receipt: Receipt }> {
    const share = await this.compose(changes);
    const answer = await this.proposed(changes).by.submit(share);
    if (answer.status !== 202) throw new Error(`refused: ${answer.body.toString()}`);
    return { share, receipt: answer.json as Receipt };
  }

  /** What a controller's register says of a request, in the order in which it was recorded. */
  async entriesOf(controller: string, request: string): Promise<Record<string, unknown>[]> {
    const { rows } = await this.world.db.owner.query<{ octets: Buffer }>('select octets from waybill.entry where controller = $1 order by id', [controller]);
    return rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>).filter((entry) => entry['request'] === request);
  }

  /** Entries of a kind in the register of an agency's controller, in the order in which they were recorded. */
  async recordedBy(agency: string, kind: string): Promise<Record<string, unknown>[]> {
    const { rows } = await this.world.db.owner.query<{ octets: Buffer }>('select e.octets from waybill.entry e join waybill.agency a on a.controller = e.controller where a.id = $1 and e.kind = $2 order by e.id', [agency, kind]);
    return rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>);
  }

  async close(): Promise<void> {
    await this.world.close();
  }

  private certificate({ agency, contact }: Line['recipient']): Certificate {
    return this.world.partner(agency).keys(contact).certificate;
  }

  /** `by`: its sender is another where they say so. */
  private proposed(changes: Record<string, unknown>, id = uuid7()): { by: TestPartner; manifest: Record<string, unknown> & { id: string }; lines: readonly Line[] } {
    const { sender, manifest: { lines: _lines, ...manifest }, lines } = proposed(this.of.agreement, change(this.of.cases.world, changes)).proposal;
    return { by: this.world.partner(sender), manifest: { ...manifest, id, gateway: this.world.system.origin, created: this.world.clock.now().toISOString() }, lines };
  }

  private async signed(by: TestPartner, manifest: Record<string, unknown>, lines: readonly Line[], parts: Map<string, Uint8Array>): Promise<Composed> {
    const now = this.world.clock.now().toISOString();
    const texts: string[] = [];
    for (const line of lines) texts.push(lineOf(by, line, isPartLine(line) ? { digest: await sealedDigest(parts.get(line.part) as Uint8Array) } : line.about === 'decision' ? { at: now } : {}));
    return by.sign(manifest, texts, parts);
  }

}

const lineOf = (by: TestPartner, { recipient, salt: _salt, ...rest }: Line, own: Record<string, unknown>): string => by.line(`${recipient.agency}/${recipient.contact}`, { ...rest, ...own });
