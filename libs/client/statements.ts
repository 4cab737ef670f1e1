import type { ShareTold, StatementTold, TransferTold } from '#protocol/answers';
import type { Address } from '#protocol/line';
import { readJson } from '#protocol/json';
import { shaped } from '#protocol/read';
import { type RecallReason, type Release, type ReturnReason, Statement, STATEMENT_FORMAT, type StatementKind } from '#protocol/statement';
import { canonical } from '#envelope/canonical';
import { ClientRefusal } from './codes';
import type { CopyVerified } from './copy';
import { form } from './form';
import type { Access, TransferOpened } from './mailbox';
import { nowOf, type Partner } from './partner';
import { octetsIn, type SignatureCheck, signatureCheck } from './signed-by';
import { signedForm } from './writing';

/** That the transfer has arrived whole: from then on the recipient answers for its copy. Stated once; a second time changes nothing. @param passOnTo agencies to which it will be passed on; none: empty; undefined: nothing is said of it */
export const acknowledge = (partner: Partner, copy: CopyVerified, passOnTo?: readonly string[]): Promise<{ state: string }> => state(partner, copy, 'acknowledged', passOnTo ? { passOnTo: [...passOnTo] } : {});

/** That somebody could read it, in which role and why, and of each part whether its author is bound. */
export const tellOpened = (partner: Partner, { copy, parts }: TransferOpened, access?: Access): Promise<{ state: string }> =>
  state(partner, copy, 'opened', { ...access, parts: parts.map(({ name, author }) => ({ name, author })) });

/** That the recipient gives it back, and why. */
export const giveBack = (partner: Partner, about: About, reason: ReturnReason, said: Pick<Statement, 'role' | 'approvedBy' | 'copiesRemoved' | 'missing'> = {}): Promise<{ state: string }> =>
  state(partner, about, 'returned', { reason, ...said });

/** Takes back what has not been collected. `manifestDigest` is the sender's own, from its receipt. */
export async function recall(partner: Partner, { share, manifestDigest }: { share: string; manifestDigest: string }, reason: RecallReason): Promise<{ recalled: string[]; tooLate: string[] }> {
  const octets = write(partner, { kind: 'recalled', share, manifestDigest, reason });
  return partner.connection.json({ path: `/v1/shares/${encodeURIComponent(share)}/recall`, method: 'POST', body: await signedForm(partner, octets) });
}

/** Records that the passphrase of a container was told: to whom, and how. The passphrase goes nowhere. */
export async function release(partner: Partner, { share, transfer, manifestDigest }: { share: string; transfer: string; manifestDigest: string }, told: Release): Promise<{ state: string }> {
  const octets = write(partner, { kind: 'released', share, transfer, manifestDigest, release: told });
  return partner.connection.json({ path: `/v1/shares/${encodeURIComponent(share)}/releases`, method: 'POST', body: await signedForm(partner, octets) });
}

/** As much of a transfer as a statement names: a copy that could not be verified can still be returned. */
export type About = { told: { transfer: string; share: string; statements?: readonly StatementTold[] }; manifestDigest: string };

async function state(partner: Partner, { told, manifestDigest }: About, kind: Exclude<StatementKind, 'recalled' | 'released'>, fields: Partial<Statement>): Promise<{ state: string }> {
  // Said before: the same octets again, so that an answer that got lost costs nothing and a later hour doesn't make it another statement.
  const before = told.statements?.find((each) => each.kind === kind && each.agency === partner.agency);
  const body = before
    ? form([{ name: 'statement', octets: Buffer.from(before.statement, 'base64') }, { name: 'signature', octets: Buffer.from(before.signature, 'base64') }])
    : await signedForm(partner, write(partner, { kind, share: told.share, transfer: told.transfer, manifestDigest, ...fields }));
  return partner.connection.json({ path: `/v1/mailbox/${encodeURIComponent(told.transfer)}/${kind}`, method: 'PUT', body });
}

function write(partner: Partner, fields: Pick<Statement, 'kind' | 'share' | 'manifestDigest'> & Partial<Statement>): Buffer {
  const by: Address = { agency: partner.agency, contact: partner.contact };
  return canonical({ format: STATEMENT_FORMAT, by, at: nowOf(partner).toISOString(), ...fields });
}

/**
 * What became of a share, with every statement held to the one who is said to have made it. `manifestDigest`: of our own copy of what we
 * signed, where we kept one. @throws ClientRefusal STATEMENT_NOT_TRUSTED, GatewayProblem
 */
export async function status(partner: Partner, share: string, { manifestDigest }: { manifestDigest?: string } = {}): Promise<ShareTold> {
  const told = await partner.connection.json<ShareTold>({ path: `/v1/shares/${encodeURIComponent(share)}` });
  if (!Array.isArray(told.transfers) || told.share !== share || told.manifestDigest !== (manifestDigest ?? told.manifestDigest)) throw new ClientRefusal('ANSWER_INVALID', { path: '/v1/shares' });
  const isSigned = signatureCheck(partner);
  for (const transfer of told.transfers) {
    for (const statement of transfer.statements) {
      if (statement.agency === partner.agency && !OF_SENDER.includes(statement.kind)) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { transfer: transfer.transfer, because: 'WRONG_PARTY' });
      await requireStatement(partner, { told, transfer, statement }, isSigned);
    }
    // Acknowledged and returned are the recipient's own word or nothing: a gateway that only says so has not been believed.
    const needs = transfer.state === 'acknowledged' || transfer.state === 'returned' ? transfer.state : undefined;
    if (needs && !transfer.statements.some(({ kind }) => kind === needs)) throw new ClientRefusal('STATEMENT_NOT_TRUSTED', { transfer: transfer.transfer, because: 'STATEMENT_MISSING' });
  }
  return told;
}

/** What a sender states; all else is the recipient's. */
const OF_SENDER: readonly StatementKind[] = ['recalled', 'released'];

async function requireStatement(partner: Partner, { told, transfer, statement }: { told: ShareTold; transfer: TransferTold; statement: StatementTold }, isSigned: SignatureCheck): Promise<void> {
  const refuse = (because: string) => new ClientRefusal('STATEMENT_NOT_TRUSTED', { transfer: transfer.transfer, because });
  const reading = shaped(Statement, readJson(octetsIn(statement)));
  if (!reading.ok) throw refuse('STATEMENT_MALFORMED');
  const { kind, share, by, manifestDigest, transfer: about } = reading.value;
  const by_ = OF_SENDER.includes(statement.kind) ? partner.agency : transfer.recipient.agency;
  const same = kind === statement.kind && share === told.share && by.agency === by_ && statement.agency === by_ && manifestDigest === told.manifestDigest && about === (kind === 'recalled' ? undefined : transfer.transfer);
  if (!same) throw refuse('ABOUT_SOMETHING_ELSE');
  if (!(await isSigned(by.agency, statement))) throw refuse('SIGNATURE_WRONG');
}
