import { open, seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { uuid7 } from '#platform/ids';
import type { TransferOpenedUp } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import type { Composed, FormField } from './partner';
import { type Answer, sealedDigest, type TestPartner } from './partner';
import { eventually, type World } from './partnership';

/** Words sealed by one agency to others, as they go with a statement. */
export async function wordsFor(by: TestPartner, to: readonly TestPartner[], id: string, text: string): Promise<{ octets: Uint8Array; named: { wordsDigest: string; sealed: string } }> {
  const plain = Buffer.from(`salt\n${text}`);
  const octets = await seal({ octets: plain, to: to.map((each) => each.keys().certificate), signer: by.keys().key, manifest: id, part: 'words' });
  return { octets, named: { wordsDigest: sha256(plain), sealed: await sealedDigest(octets) } };
}

/** What a contact's key opens of words. */
export async function readWords(who: TestPartner, octets: Buffer, id: string, at = new Date()): Promise<string> {
  const opened = await open({ keys: [who.keys().key], octets: new Uint8Array(octets), manifest: id, part: 'words', at });
  if (!opened.ok) throw new Error(opened.code);
  return Buffer.from(opened.octets).toString('utf8').split('\n').slice(1).join('\n');
}

export interface Said {
  /** In place of, or besides, what is stated. */
  fields?: Record<string, unknown>;
  words?: string;
  /** To whom they are sealed. */
  to?: readonly TestPartner[];
}

export async function form(who: TestPartner, stated: Record<string, unknown> & { id: string }, { words, to = [] }: Said): Promise<FormField[]> {
  const sealed = words === undefined ? undefined : await wordsFor(who, to, stated.id, words);
  const octets = Buffer.from(JSON.stringify({ ...stated, ...(sealed && { words: sealed.named }) }));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }, ...(sealed ? [{ name: 'words', octets: sealed.octets }] : [])];
}

/** What every statement of the room says of itself. */
export const head = (world: World, who: TestPartner, format: string) => ({ format, id: uuid7(), by: { agency: who.agency, contact: who.contact }, role: 'data-protection-officer', gateway: world.system.origin, at: world.clock.now().toISOString() });

export const matterForm = (world: World, who: TestPartner, kind: string, transfer: string, said: Said = {}): Promise<FormField[]> => form(who, { ...head(world, who, 'waybill-matter/1'), kind, transfer, ...said.fields }, said);

/** Puts a matter about a transfer. */
export const putMatter = async (world: World, who: TestPartner, kind: string, transfer: string, said: Said = {}): Promise<Answer> => who.form('POST', '/v1/matters', await matterForm(world, who, kind, transfer, said));

export const answerForm = (world: World, who: TestPartner, matter: string, answer: string, said: Said = {}): Promise<FormField[]> => form(who, { ...head(world, who, 'waybill-matter-answer/1'), matter, answer, ...said.fields }, said);

/** Answers one. */
export const answerMatter = async (world: World, who: TestPartner, matter: string, answer: string, said: Said = {}): Promise<Answer> => who.form('POST', `/v1/matters/${matter}/answer`, await answerForm(world, who, matter, answer, said));

/** The first open matter of a kind that was put to somebody about a transfer. */
export const matterAt = (who: TestPartner, kind: string, transfer: string): Promise<{ matter: string; dueAt: string }> =>
  eventually(async () => ((await who.get('/v1/matters?open=true')).json as { items: { kind: string; transfer: string; matter: string; dueAt: string }[] }).items.find((each) => each.kind === kind && each.transfer === transfer));

export const rightsForm = (world: World, who: TestPartner, right: string, transfers: readonly string[], said: Said = {}): Promise<FormField[]> => form(who, {
  ...head(world, who, 'waybill-rights-request/1'), right, receivedOn: world.clock.now().toISOString().slice(0, 10), requester: 'person', reference: 'WQ-2041', ...(transfers.length > 0 && { transfers }),
  identity: { how: 'identity-card', by: 'data-protection-officer', at: world.clock.now().toISOString() }, ...said.fields,
}, said);

/** Records a rights request. */
export const recordRights = async (world: World, who: TestPartner, right: string, transfers: readonly string[], said: Said = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  who.form('POST', '/v1/rights-requests', await rightsForm(world, who, right, transfers, said), headers);

export const rightsStatementForm = (world: World, who: TestPartner, rightsRequest: string, kind: string, fields: Record<string, unknown>): Promise<FormField[]> =>
  form(who, { ...head(world, who, 'waybill-rights-statement/1'), kind, rightsRequest, ...fields }, {});

/** States something of one. */
export const stateRights = async (world: World, who: TestPartner, rightsRequest: string, kind: string, fields: Record<string, unknown>): Promise<Answer> =>
  who.form('POST', `/v1/rights-requests/${rightsRequest}/statements`, await rightsStatementForm(world, who, rightsRequest, kind, fields));

/** Collects and acknowledges a share at its recipient, and gives the transfer. */
export async function takenIn(at: TestPartner, share: Composed, manifestDigest: string): Promise<TransferOpenedUp> {
  const item = await eventually(async () => ((await at.get('/v1/mailbox')).json.items as { share: string; links: { self: string } }[]).find((each) => each.share === share.id));
  const transfer = (await at.get(item.links.self)).json as TransferOpenedUp;
  await at.get(`/v1/mailbox/${transfer.transfer}/envelope`);
  const answer = await at.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest }, { passOnTo: [] });
  if (answer.status !== 200) throw new Error(answer.body.toString());
  return transfer;
}

export const retentionForm = (world: World, who: TestPartner, transfer: string, kind: string, fields: Record<string, unknown> = {}): Promise<FormField[]> => form(who, { ...head(world, who, 'waybill-retention/1'), kind, transfer, ...fields }, {});

/** States something of a copy that is kept. */
export const stateKept = async (world: World, who: TestPartner, transfer: string, kind: string, fields: Record<string, unknown> = {}): Promise<Answer> =>
  who.form('POST', `/v1/retention/${transfer}/statements`, await retentionForm(world, who, transfer, kind, fields));
