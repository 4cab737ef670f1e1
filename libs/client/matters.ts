import { readJson } from '#protocol/json';
import { MATTER_ANSWER_FORMAT, MATTER_FORMAT, MatterAnswered, MatterPut } from '#protocol/matter';
import type { MatterItem, MatterStands, MatterTold } from '#protocol/matter-answers';
import type { WordsSealed } from '#protocol/not-shared';
import { shaped } from '#protocol/read';
import { ClientRefusal } from './codes';
import { uuid7 } from './ids';
import { openedWords, sealedWordsTo } from './own-words';
import { itemsOf } from './pages';
import { nowOf, type Partner } from './partner';
import { octetsIn, type SaidToBeSigned, type SignatureCheck, signatureCheck } from './signed-by';
import { signedForm, written } from './writing';

type Own = 'format' | 'id' | 'by' | 'gateway' | 'at' | 'words';

/** What there is to say in words, and which contacts of the other side (`agency/contact`) read it. */
export interface WordsFor {
  text: string;
  readers: readonly string[];
}

/** A matter as whoever puts it thinks of it. Codes are those of docs/codes.md. */
export type MatterDescription = Omit<MatterPut, Own> & { words?: WordsFor };
export type MatterAnswerDescription = Omit<MatterAnswered, Own | 'matter'> & { words?: WordsFor };

/** Puts a correction, a withdrawn consent, a deletion, a consultation or an approval to the other side of a transfer, signed. @throws ClientRefusal, GatewayProblem */
export const putMatter = (partner: Partner, described: MatterDescription): Promise<MatterStands> => state(partner, MatterPut, { format: MATTER_FORMAT, ...described }, '/v1/matters');

/** Answers a matter that was put to us, signed. @throws ClientRefusal, GatewayProblem */
export const answerMatter = (partner: Partner, matter: string, described: MatterAnswerDescription): Promise<MatterStands> =>
  state(partner, MatterAnswered, { format: MATTER_ANSWER_FORMAT, matter, ...described }, `/v1/matters/${encodeURIComponent(matter)}/answer`);

/** Matters that were put to us, or by us, the oldest first. */
export const listMatters = (partner: Pick<Partner, 'connection'>, { as = 'answerer', open = false }: { as?: 'answerer' | 'author'; open?: boolean } = {}): AsyncGenerator<MatterItem> =>
  itemsOf(partner, '/v1/matters', { as, ...(open ? { open: 'true' } : {}) });

/** One matter, and its answer, each held to the agency that is said to have signed it. @throws ClientRefusal STATEMENT_NOT_TRUSTED, GatewayProblem */
export async function readMatter(partner: Partner, id: string): Promise<MatterTold> {
  const path = `/v1/matters/${encodeURIComponent(id)}`;
  const told = await partner.connection.json<MatterTold>({ path });
  if (told.matter !== id || !Array.isArray(told.answers)) throw new ClientRefusal('ANSWER_INVALID', { path });
  const isSigned = signatureCheck(partner);
  const { statement, signature = '', answerStatement = '', answerSignature = '', openedAt, answeredAt = '' } = told;
  if (statement !== undefined) await requireSigned(isSigned, MatterPut, told.from.agency, { statement, signature, at: openedAt }, ({ id: own, kind, transfer }) => own === id && kind === told.kind && transfer === told.transfer);
  if (told.answer !== undefined) await requireSigned(isSigned, MatterAnswered, told.to, { statement: answerStatement, signature: answerSignature, at: answeredAt }, ({ matter, answer }) => matter === id && answer === told.answer);
  return told;
}

/** The words of a matter or of its answer, opened with our key and held to what was signed of them. @throws ClientRefusal, GatewayProblem */
export function openMatterWords(partner: Partner, told: MatterTold, of: 'matter' | 'answer'): Promise<string> {
  const octets = of === 'matter' ? told.statement : told.answerStatement;
  const stated = JSON.parse(Buffer.from(octets ?? '', 'base64').toString() || '{}') as { id?: string; words?: WordsSealed };
  return openedWords(partner, { path: `/v1/matters/${encodeURIComponent(told.matter)}${of === 'matter' ? '' : '/answer'}/words`, id: stated.id ?? '', signed: stated.words });
}

/** Signs a statement and sends it with its words, where there are some. */
async function state<T extends object>(partner: Partner, shape: new () => T, { words, ...described }: Record<string, unknown> & { words?: WordsFor }, path: string): Promise<MatterStands> {
  const at = nowOf(partner);
  const id = uuid7(at);
  const sealed = words && (await sealedWordsTo(partner, id, words.text, at, [...new Set([...words.readers, `${partner.agency}/${partner.contact}`])]));
  const statement = written(partner, shape, { ...described, id, words: sealed?.named }, { at, invalid: 'MATTER_INVALID' });
  return partner.connection.json<MatterStands>({ path, method: 'POST', body: await signedForm(partner, statement, sealed?.octets) });
}

async function requireSigned<T extends object>(isSigned: SignatureCheck, shape: new () => T, agency: string, signed: SaidToBeSigned, about: (stated: T) => boolean): Promise<void> {
  const reading = shaped(shape, readJson(octetsIn(signed)));
  if (!reading.ok || !about(reading.value)) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { because: 'ABOUT_SOMETHING_ELSE' });
  if (!(await isSigned(agency, signed))) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { because: 'SIGNATURE_WRONG' });
}
