import type { Receipt, TransferOpenedUp } from '#protocol/answers';
import type { RequestTold } from '#protocol/request-answers';
import { addressed } from '#protocol/line';
import { uuid7 } from '#platform/ids';
import { signDetached } from '#envelope/signatures';
import { CANARY, type Scene } from '../journeys/referral';
import type { World } from './partnership';
import { type Answer, type FormField, type Composed, fieldsOf, type SharePlan, type TestPartner } from './partner';

export interface Asking {
  type?: string;
  categories?: { category: string; needToKnow?: string }[];
  neededBy?: string;
  authority?: Record<string, unknown>;
  manifest?: Record<string, unknown>;
  decision?: Record<string, unknown> | false;
}

/** One sound request of `who` to `holder`, as it goes over the wire; each case of a test is a small change to it. */
export function asking(scene: Scene, who: TestPartner, holder: string, { type = 'enquiry', categories = [{ category: 'health', needToKnow: 'assesses-referral' }], neededBy, authority, manifest, decision }: Asking = {}): Promise<Composed> {
  return who.compose({
    parts: [{ category: 'question', text: `What do you know of ${CANARY}?`, to: { [holder]: 'statutory-function' } }],
    manifest: { asks: { type, categories, ...(neededBy && { neededBy }), ...(authority && { authority }) }, ...manifest }, reference: 'WQ-2041', ...(decision !== undefined && { decision }),
  }, scene.certificates);
}

export const put = (who: TestPartner, request: Composed, headers: Record<string, string> = {}): Promise<Answer> => who.form('POST', '/v1/requests', fieldsOf(request), headers);

/** Asks, and expects that it is accepted. Gives the request's id. */
export async function ask(scene: Scene, who: TestPartner, holder: string, asked: Asking = {}): Promise<{ request: string; composed: Composed; receipt: Receipt }> {
  const composed = await asking(scene, who, holder, asked);
  const answer = await put(who, composed);
  if (answer.status !== 202) throw new Error(`refused: ${answer.body.toString()}`);
  const receipt = answer.json as Receipt;
  return { request: receipt.transfers.find(({ recipient }) => addressed(recipient) === holder)?.transfer ?? '', composed, receipt };
}

/** Answers a request by a share. */
export async function answerWith(scene: Scene, who: TestPartner, request: string, plan: SharePlan): Promise<{ answer: Answer; share: Composed }> {
  const share = await who.compose({ reference: 'WQ-2041', ...plan, manifest: { threads: { request }, ...plan.manifest } }, scene.certificates);
  return { answer: await who.submit(share), share };
}

export const thread = async (who: TestPartner, request: string): Promise<RequestTold> => (await who.get(`/v1/requests/${request}`)).json as RequestTold;

/** Collects and opens a part, and acknowledges the transfer. */
export async function received(scene: Scene, at: TestPartner, from: TestPartner, share: Composed, manifestDigest: string, contact?: string): Promise<{ transfer: TransferOpenedUp; text: string }> {
  const transfer = await scene.transfer(at, share.id);
  const text = await scene.opened(at, transfer, 'part-1', contact, from);
  const answer = await at.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest });
  if (answer.status !== 200) throw new Error(answer.body.toString());
  return { transfer, text };
}

/** A statement about a request, signed. */
export async function aboutRequest(world: World, who: TestPartner, request: string, kind: string, more: Record<string, unknown> = {}): Promise<FormField[]> {
  const stated = { format: 'waybill-request-statement/1', id: uuid7(), kind, request, by: { agency: who.agency, contact: who.contact }, role: 'social-worker', gateway: world.system.origin, at: world.clock.now().toISOString(), ...more };
  const octets = Buffer.from(JSON.stringify(stated));
  return [{ name: 'statement', octets }, { name: 'signature', octets: await signDetached({ octets, key: who.keys().key }) }];
}

export const stateOf = async (world: World, who: TestPartner, request: string, kind: string, more: Record<string, unknown> = {}): Promise<Answer> =>
  who.form('POST', `/v1/requests/${request}/statements`, await aboutRequest(world, who, request, kind, more));
