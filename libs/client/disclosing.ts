import { canonical } from '#envelope/canonical';
import { signDetached } from '#envelope/signatures';
import type { PlanAnswer } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { Disclosure, DISCLOSURE_FORMAT, type DisclosureRoute, readRoute } from '#protocol/disclosure';
import type { DisclosureItem, DisclosureReceipt, DisclosureTold } from '#protocol/own-answers';
import { shaped } from '#protocol/read';
import { ClientRefusal } from './codes';
import type { PartDescribed, ShareDescription } from './description';
import { drafted, type DraftLine, requireNobodyNamed } from './drafting';
import { form, type FormField, json } from './form';
import { openedWords, sealedWords } from './own-words';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { verifyDisclosureReceipt } from './receipt';
import { placesOf } from './writing';

/** What was disclosed off the wire, as whoever disclosed it thinks of it: a share whose parts have no octets, and how it went. */
export interface DisclosureDescription {
  share: Omit<ShareDescription, 'parts' | 'alsoTold' | 'onStrikeOff'> & { /** In order: the first is `part-1`. */ parts: readonly Omit<PartDescribed, 'octets'>[] };
  route: DisclosureRoute;
  /** It was made against what the agreement asks, and is recorded as that. */
  notCompliant?: boolean;
  /** Sealed to the agency itself. */
  words?: string;
}

export interface DisclosureRecorded {
  receipt: DisclosureReceipt;
  /** What was signed, to keep as one's own evidence. */
  statement: Buffer;
  signature: Uint8Array;
}

export interface DisclosurePlanned {
  answer: PlanAnswer;
  lines: readonly DraftLine[];
}

interface Choice {
  knownCodes?: ReadonlySet<string>;
}

/** Asks what would be decided of a disclosure, before it is made. @throws ClientRefusal, GatewayProblem */
export async function planDisclosure(partner: Partner, described: DisclosureDescription, { knownCodes }: Choice = {}): Promise<DisclosurePlanned> {
  const { manifest, lines } = sound(partner, described, nowOf(partner), knownCodes);
  const path = '/v1/disclosure-plans';
  const answer = await partner.connection.json<PlanAnswer>({ path, method: 'POST', body: json({ manifest, lines, route: described.route }) });
  if (!Array.isArray(answer.lines) || !Array.isArray(answer.reasons) || !Array.isArray(answer.warnings)) throw new ClientRefusal('ANSWER_INVALID', { path });
  return { answer, lines };
}

/**
 * Records a disclosure, signed: nobody is named in clear, the words are sealed to our own key and nobody else's, and the receipt is the
 * gateway's own word that it stands in our register. Sent again after a broken connection, it is still one disclosure.
 * @throws ClientRefusal, GatewayProblem
 */
export async function recordDisclosure(partner: Partner, described: DisclosureDescription, { knownCodes }: Choice = {}): Promise<DisclosureRecorded> {
  const at = nowOf(partner);
  const { manifest, lines } = sound(partner, described, at, knownCodes);
  const words = described.words === undefined ? undefined : await sealedWords(partner, manifest.id, described.words, at);
  const stated = { format: DISCLOSURE_FORMAT, manifest, lines, route: described.route, notCompliant: described.notCompliant, words: words?.named };
  const statement = canonical(JSON.parse(JSON.stringify(stated)));
  const signature = await signDetached({ octets: new Uint8Array(statement), key: partner.signingKey });
  const fields: FormField[] = [{ name: 'disclosure', octets: statement }, { name: 'signature', octets: signature }, ...(words ? [{ name: 'words', octets: words.octets }] : [])];
  const receipt = await partner.connection.json<DisclosureReceipt>({ path: '/v1/disclosures', method: 'POST', headers: { 'idempotency-key': manifest.id }, body: form(fields), patience: true });
  return { receipt: await verifyDisclosureReceipt(receipt, { disclosure: manifest.id, digest: sha256(statement) }, partner.pins), statement, signature };
}

/** Our own disclosures, the oldest first. */
export const listDisclosures = (partner: Pick<Partner, 'connection'>): AsyncGenerator<DisclosureItem> => itemsOf(partner, '/v1/disclosures');

/** One of our own disclosures, as it was signed. @throws ClientRefusal, GatewayProblem */
export async function readDisclosure({ connection }: Pick<Partner, 'connection'>, id: string): Promise<{ told: DisclosureTold; stated: Disclosure }> {
  const path = `/v1/disclosures/${encodeURIComponent(id)}`;
  const told = await connection.json<DisclosureTold>({ path });
  if (told.id !== id || typeof told.statement !== 'string') throw new ClientRefusal('ANSWER_INVALID', { path });
  return { told, stated: JSON.parse(Buffer.from(told.statement, 'base64').toString()) as Disclosure };
}

/** The words of a disclosure. @throws ClientRefusal, GatewayProblem */
export const openDisclosureWords = (partner: Partner, id: string, { words }: Disclosure): Promise<string> => openedWords(partner, { path: `/v1/disclosures/${encodeURIComponent(id)}/words`, id, signed: words });

/** What the gateway would refuse for its shape, or must not see, is refused here, with every place. @throws ClientRefusal */
function sound({ connection }: Partner, { share, route }: DisclosureDescription, at: Date, known: ReadonlySet<string> | undefined) {
  const draft = drafted({ ...share, parts: share.parts.map((part) => ({ ...part, octets: new Uint8Array() })) }, connection.gateway, at);
  const whole = shaped(Disclosure, { ok: true, value: JSON.parse(JSON.stringify({ format: DISCLOSURE_FORMAT, manifest: draft.manifest, lines: draft.lines, route })) as unknown });
  const own = whole.ok ? readRoute(route) : whole;
  if (!own.ok) throw new ClientRefusal('DISCLOSURE_INVALID', { places: placesOf(own.faults) });
  requireNobodyNamed(share, { ...draft, manifest: { ...draft.manifest, route } as typeof draft.manifest }, known);
  return draft;
}
